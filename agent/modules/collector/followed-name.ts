// The addresses of a host name, resolved until there is one and every five minutes after that.

import type { Host, Timer } from "../../host/host.ts";
import { makeBackOff } from "../../host/make-back-off.ts";
import type { LimitedLogger } from "../../log/limit.ts";
import { messageOf } from "../../log/message-of.ts";
import type { AddressChoice } from "./address-choice.ts";

/** Milliseconds. */
const REFRESH = 5 * 60_000;
const FIRST_RETRY = 1000;
const LONGEST_RETRY = 60_000;

/** Starts to resolve `name` at once. While the resolver fails, the address in use stays. */
export class FollowedName {
  readonly #name: string;
  readonly #host: Pick<Host, "resolve" | "clock">;
  readonly #log: LimitedLogger;
  readonly #choice: Pick<AddressChoice, "offer">;
  readonly #backOff = makeBackOff(FIRST_RETRY, LONGEST_RETRY);
  #timer: Timer;
  #stopped = false;

  constructor(
    name: string,
    host: Pick<Host, "resolve" | "clock">,
    log: LimitedLogger,
    choice: Pick<AddressChoice, "offer">,
  ) {
    this.#name = name;
    this.#host = host;
    this.#log = log;
    this.#choice = choice;
    this.#timer = this.#resolveAfter(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer.cancel();
  }

  #resolveAfter(milliseconds: number): Timer {
    return this.#host.clock.after(milliseconds, () => this.#resolve());
  }

  #resolve(): void {
    void this.#host.resolve(this.#name).then(
      (addresses) => this.#onAnswer(addresses),
      (error) => this.#onFailure(messageOf(error)),
    );
  }

  #onAnswer(addresses: readonly string[]): void {
    if (this.#stopped) return;
    if (!this.#choice.offer(addresses)) {
      this.#onFailure("no usable address");
      return;
    }
    this.#backOff.reset();
    this.#timer = this.#resolveAfter(REFRESH);
  }

  #onFailure(reason: string): void {
    if (this.#stopped) return;
    this.#log.warn("resolve", `${this.#name} does not resolve: ${reason}; trying again`);
    this.#timer = this.#resolveAfter(this.#backOff.next());
  }
}
