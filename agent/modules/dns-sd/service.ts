// The SRV records of _sflow._udp in the first domain that has the service, and the TXT records of the same name. See
// RFC 2782 and RFC 6763.

import { type Followed, follow } from "../../dns/follow.ts";
import type { Outcome, Resolver } from "../../dns/resolver.ts";
import type { Host } from "../../host/host.ts";
import { serviceNames } from "./service-names.ts";

const NO_DOMAIN: Outcome<"SRV"> = { kind: "failure", why: "no domain to look in" };

/** Starts to look up the service. Calls `onOutcome` after each answer and each failure. */
export class Service {
  readonly srv: Followed<"SRV">;
  readonly #domain: string | undefined;
  readonly #resolver: Resolver;
  readonly #host: Host;
  readonly #onOutcome: () => void;
  #names: readonly string[] = [];
  /** The name whose SRV records are in use. */
  #found: string | undefined;
  #txt: { readonly name: string; readonly question: Followed<"TXT"> } | undefined;

  constructor(domain: string | undefined, resolver: Resolver, host: Host, onOutcome: () => void) {
    this.#domain = domain;
    this.#resolver = resolver;
    this.#host = host;
    this.#onOutcome = onOutcome;
    this.srv = follow(
      () => this.#lookUp(),
      host,
      () => {
        this.#followTxt();
        onOutcome();
      },
    );
  }

  /** Undefined while no domain has the service. */
  get txt(): Followed<"TXT"> | undefined {
    return this.#txt?.question;
  }

  /** The names looked up last; empty if there is no domain. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** The name whose records are in use, or else all names looked up. */
  get name(): string {
    return this.#found ?? (this.#names.length === 0 ? "_sflow._udp" : this.#names.join(" or "));
  }

  lookUpAgain(): void {
    this.srv.again();
    this.txt?.again();
  }

  stop(): void {
    this.srv.stop();
    this.txt?.stop();
  }

  /**
   * Asks one domain after the other. Stops at a failure of the domain in use: that is no reason to switch to another.
   * If no domain has the service, reports a failure rather than "no such name".
   */
  async #lookUp(): Promise<Outcome<"SRV">> {
    const resolver = this.#resolver;
    this.#names = serviceNames(this.#domain, resolver.configuration(), this.#host.uname().name);
    let worst: Outcome<"SRV"> | undefined;
    for (const name of this.#names) {
      const outcome = await resolver.ask({ name, type: "SRV" });
      if (outcome.kind === "records") this.#found = name;
      if (outcome.kind === "records" || (outcome.kind === "failure" && name === this.#found)) return outcome;
      if (worst?.kind !== "failure") worst = outcome;
    }
    return worst ?? NO_DOMAIN;
  }

  #followTxt(): void {
    const name = this.#found;
    if (name === undefined || name === this.#txt?.name) return;
    this.txt?.stop();
    const question = follow(() => this.#resolver.ask({ name, type: "TXT" }), this.#host, this.#onOutcome);
    this.#txt = { name, question };
  }
}
