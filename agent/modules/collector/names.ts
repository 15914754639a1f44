// The address behind a host name: asked for until there is one, and again every five minutes.

import type { Host } from "../../host/host.ts";
import type { LimitedLogger } from "../../log/limit.ts";
import { messageOf } from "../../log/message-of.ts";
import type { AddressChoice } from "./address-choice.ts";

/** Milliseconds. */
const AGAIN = 5 * 60_000;
const FIRST_RETRY = 1000;
const LAST_RETRY = 60_000;

export interface FollowedName {
  stop(): void;
}

/** While the resolver is silent nothing is offered, so that the address in use stays. */
export function followName(
  name: string,
  { resolve, clock }: Pick<Host, "resolve" | "clock">,
  log: LimitedLogger,
  choice: Pick<AddressChoice, "offer">,
): FollowedName {
  let retry = FIRST_RETRY;
  let stopped = false;
  let timer = clock.after(0, ask);

  function ask(): void {
    void resolve(name).then(found, (error) => notFound(messageOf(error)));
  }

  function found(answer: readonly string[]): void {
    if (stopped) return;
    if (!choice.offer(answer)) {
      notFound("it has no address");
      return;
    }
    retry = FIRST_RETRY;
    timer = clock.after(AGAIN, ask);
  }

  function notFound(reason: string): void {
    if (stopped) return;
    log.warn("resolve", `${name} cannot be resolved: ${reason}; trying again`);
    timer = clock.after(retry, ask);
    retry = Math.min(retry * 2, LAST_RETRY);
  }

  return {
    stop() {
      stopped = true;
      timer.cancel();
    },
  };
}
