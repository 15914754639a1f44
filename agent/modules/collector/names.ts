// The address behind a host name: asked for until there is one, and again every five minutes.

import { parseAddress } from "../../config/address.ts";
import type { Host } from "../../host/host.ts";
import type { LimitedLogger } from "../../log/limit.ts";
import { messageOf } from "../../log/message-of.ts";

/** Milliseconds. */
const AGAIN = 5 * 60_000;
const FIRST_RETRY = 1000;
const LAST_RETRY = 60_000;

export interface FollowedName {
  /** The next of the addresses that the name had when it was last asked for; undefined where there is no other. */
  next(): Uint8Array | undefined;
  stop(): void;
}

/**
 * `onAddress` gets 4 or 16 bytes, first and whenever they change. An address is kept as long as the name still has it,
 * so that a resolver that shuffles its answers does not move the collector; and while the resolver is silent.
 */
export function followName(
  name: string,
  { resolve, clock }: Pick<Host, "resolve" | "clock">,
  log: LimitedLogger,
  onAddress: (address: Uint8Array) => void,
): FollowedName {
  let addresses: readonly string[] = [];
  let current: string | undefined;
  let retry = FIRST_RETRY;
  let stopped = false;
  let timer = clock.after(0, ask);

  function ask(): void {
    void resolve(name).then(found, (error) => notFound(messageOf(error)));
  }

  function found(answer: readonly string[]): void {
    if (stopped) return;
    const usable = answer.filter((address) => parseAddress(address) !== undefined);
    if (usable.length === 0) notFound("it has no address");
    else keep(usable);
  }

  function keep(usable: readonly string[]): void {
    addresses = usable;
    retry = FIRST_RETRY;
    timer = clock.after(AGAIN, ask);
    if (current !== undefined && usable.includes(current)) return;
    current = usable[0] as string;
    onAddress(parseAddress(current) as Uint8Array);
  }

  function notFound(reason: string): void {
    if (stopped) return;
    log.warn("resolve", `${name} cannot be resolved: ${reason}; trying again`);
    timer = clock.after(retry, ask);
    retry = Math.min(retry * 2, LAST_RETRY);
  }

  return {
    next() {
      if (addresses.length < 2 || current === undefined) return undefined;
      current = addresses[(addresses.indexOf(current) + 1) % addresses.length] as string;
      return parseAddress(current);
    },
    stop() {
      stopped = true;
      timer.cancel();
    },
  };
}
