// Chooses the address to send to among the addresses of a collector's name.

import { parseAddress } from "../../config/address.ts";

export class AddressChoice {
  readonly #onAddress: (address: Uint8Array) => void;
  #addresses: readonly string[] = [];
  #current: string | undefined;

  /** Calls `onAddress` with 4 or 16 bytes: for the first address, and for each new one that an offer brings. */
  constructor(onAddress: (address: Uint8Array) => void) {
    this.#onAddress = onAddress;
  }

  /**
   * Replaces the addresses to choose from. Keeps the address in use as long as it is among them, so that a resolver
   * that shuffles its answers does not move the collector. Returns false, and changes nothing, if none is usable.
   */
  offer(addresses: readonly string[]): boolean {
    const usable = addresses.filter((address) => parseAddress(address) !== undefined);
    if (usable.length === 0) return false;
    this.#addresses = usable;
    if (this.#current !== undefined && usable.includes(this.#current)) return true;
    this.#current = usable[0] as string;
    this.#onAddress(parseAddress(this.#current) as Uint8Array);
    return true;
  }

  /** Moves on to the next address and returns it; undefined if there is no other. Does not call `onAddress`. */
  next(): Uint8Array | undefined {
    const addresses = this.#addresses;
    if (addresses.length < 2 || this.#current === undefined) return undefined;
    this.#current = addresses[(addresses.indexOf(this.#current) + 1) % addresses.length] as string;
    return parseAddress(this.#current);
  }
}
