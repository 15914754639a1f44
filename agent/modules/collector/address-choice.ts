// Of the addresses that a name has, the one in use.

import { parseAddress } from "../../config/address.ts";

export interface AddressChoice {
  /** False where none of them can be used: the one in use stays. */
  offer(addresses: readonly string[]): boolean;
  /** The next of those offered last; undefined where there is no other. */
  next(): Uint8Array | undefined;
}

/**
 * `onAddress` gets 4 or 16 bytes, first and whenever they change. An address is kept as long as it is offered, so that
 * a resolver that shuffles its answers does not move the collector.
 */
export function chooseAddress(onAddress: (address: Uint8Array) => void): AddressChoice {
  let addresses: readonly string[] = [];
  let current: string | undefined;
  return {
    offer(offered) {
      const usable = offered.filter((address) => parseAddress(address) !== undefined);
      if (usable.length === 0) return false;
      addresses = usable;
      if (current !== undefined && usable.includes(current)) return true;
      current = usable[0] as string;
      onAddress(parseAddress(current) as Uint8Array);
      return true;
    },
    next() {
      if (addresses.length < 2 || current === undefined) return undefined;
      current = addresses[(addresses.indexOf(current) + 1) % addresses.length] as string;
      return parseAddress(current);
    },
  };
}
