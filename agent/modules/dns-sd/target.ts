// The addresses of one collector's name, IPv4 and IPv6 each for as long as its own answer lasts.

import { parseAddress } from "../../config/address.ts";
import { type Followed, follow } from "../../dns/follow.ts";
import type { Resolver } from "../../dns/resolver.ts";
import type { Host } from "../../host/host.ts";

export interface Target {
  readonly name: string;
  /** IPv4 first. The last there were, while there are none. */
  readonly addresses: readonly string[];
  /** Whether both questions have been asked to their end. */
  readonly settled: boolean;
  readonly questions: readonly Followed<"A" | "AAAA">[];
  stop(): void;
}

/** An address where a name belongs is against RFC 2782, and taken for what is meant. */
const asItIs = (name: string): Target => ({
  name,
  addresses: [name],
  settled: true,
  questions: [],
  stop: () => undefined,
});

const recordsOf = ({ outcome, records }: Followed<"A" | "AAAA">): readonly string[] =>
  outcome?.kind === "none" ? [] : (records ?? []);

export function followTarget(name: string, resolver: Resolver, host: Host, onOutcome: () => void): Target {
  if (parseAddress(name) !== undefined) return asItIs(name);
  let last: readonly string[] = [];
  const questions = (["A", "AAAA"] as const).map((type) => follow(() => resolver.ask({ name, type }), host, onOutcome));
  return {
    name,
    get addresses() {
      const now = questions.flatMap(recordsOf);
      if (now.length > 0) last = now;
      return last;
    },
    get settled() {
      return questions.every(({ outcome }) => outcome !== undefined);
    },
    questions,
    stop() {
      for (const question of questions) question.stop();
    },
  };
}
