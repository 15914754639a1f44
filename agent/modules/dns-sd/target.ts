// The addresses of one SRV target. A and AAAA are looked up apart, each again when its TTL ends.

import { parseAddress } from "../../config/address.ts";
import { type Followed, follow } from "../../dns/follow.ts";
import type { Resolver } from "../../dns/resolver.ts";
import type { Host } from "../../host/host.ts";

export interface Target {
  readonly name: string;
  /** IPv4 first. If the name has no addresses any more, the last ones it had. */
  readonly addresses: readonly string[];
  /** Whether each question has had an outcome. */
  readonly settled: boolean;
  readonly questions: readonly Followed<"A" | "AAAA">[];
  stop(): void;
}

/** A target that is an address violates RFC 2782, but the meaning is clear: use the address. */
const addressAsTarget = (address: string): Target => ({
  name: address,
  addresses: [address],
  settled: true,
  questions: [],
  stop: () => undefined,
});

const recordsOf = ({ outcome, records }: Followed<"A" | "AAAA">): readonly string[] =>
  outcome?.kind === "none" ? [] : (records ?? []);

class NamedTarget implements Target {
  readonly name: string;
  readonly questions: readonly Followed<"A" | "AAAA">[];
  #last: readonly string[] = [];

  constructor(name: string, resolver: Resolver, host: Host, onOutcome: () => void) {
    this.name = name;
    this.questions = (["A", "AAAA"] as const).map((type) =>
      follow(() => resolver.ask({ name, type }), host, onOutcome),
    );
  }

  get addresses(): readonly string[] {
    const now = this.questions.flatMap(recordsOf);
    if (now.length > 0) this.#last = now;
    return this.#last;
  }

  get settled(): boolean {
    return this.questions.every(({ outcome }) => outcome !== undefined);
  }

  stop(): void {
    for (const question of this.questions) question.stop();
  }
}

/** Starts to resolve the name. Calls `onOutcome` after each answer and each failure. */
export const followTarget = (name: string, resolver: Resolver, host: Host, onOutcome: () => void): Target =>
  parseAddress(name) === undefined ? new NamedTarget(name, resolver, host, onOutcome) : addressAsTarget(name);
