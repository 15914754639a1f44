// SRV records of _sflow._udp in the first domain that has some, and TXT records beside them. RFC 2782, RFC 6763.

import { type Followed, follow } from "../../dns/follow.ts";
import type { Outcome, Resolver } from "../../dns/resolver.ts";
import type { Host } from "../../host/host.ts";
import { domainsOf, serviceIn } from "./domains.ts";

export interface Service {
  readonly srv: Followed<"SRV">;
  /** Undefined while no domain has the service. */
  readonly txt: Followed<"TXT"> | undefined;
  /** Names that were asked for last; none where there is no domain. */
  readonly asked: readonly string[];
  /** That of them whose records count, or all. */
  readonly name: string;
  again(): void;
  stop(): void;
}

const NO_DOMAIN: Outcome<"SRV"> = { kind: "failure", why: "no domain to ask" };

export function followService(
  domain: string | undefined,
  resolver: Resolver,
  host: Host,
  onOutcome: () => void,
): Service {
  let asked: readonly string[] = [];
  /** Whose records count. */
  let found: string | undefined;
  let txt: Followed<"TXT"> | undefined;

  /** A failure where the service was is no reason to look for it elsewhere; nor does it count less than "nothing". */
  async function ask(): Promise<Outcome<"SRV">> {
    asked = domainsOf(domain, resolver.configuration(), host.uname().name).map(serviceIn);
    let worst: Outcome<"SRV"> | undefined;
    for (const name of asked) {
      const outcome = await resolver.ask({ name, type: "SRV" });
      if (outcome.kind === "records") found = name;
      if (outcome.kind === "records" || (outcome.kind === "failure" && name === found)) return outcome;
      if (worst?.kind !== "failure") worst = outcome;
    }
    return worst ?? NO_DOMAIN;
  }

  let textOf: string | undefined;
  function followText(): void {
    if (found === undefined || found === textOf) return;
    const name = found;
    textOf = name;
    txt?.stop();
    txt = follow(() => resolver.ask({ name, type: "TXT" }), host, onOutcome);
  }

  const srv = follow(ask, host, () => {
    followText();
    onOutcome();
  });
  return {
    srv,
    get txt() {
      return txt;
    },
    get asked() {
      return asked;
    },
    get name() {
      return found ?? (asked.length === 0 ? "_sflow._udp" : asked.join(" or "));
    },
    again() {
      srv.again();
      txt?.again();
    },
    stop() {
      srv.stop();
      txt?.stop();
    },
  };
}
