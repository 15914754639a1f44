// What the agent knows of another network namespace: addresses, and links to the agent's own namespace.

import type { LinkAddress } from "../netlink/link-address.ts";

/** The addresses and attachments of a network namespace. */
export interface NamespaceView {
  /** Empty without attachments: no packet of the agent's own namespace leads there. */
  readonly addresses: readonly LinkAddress[];
  /**
   * The interfaces in the agent's own namespace to which interfaces of this namespace are attached, as ifIndexes: peers
   * of veths, parents of macvlans and ipvlans.
   */
  readonly attachments: readonly number[];
  /** True if the namespace has more interfaces or addresses than the agent reads. */
  readonly isPartial: boolean;
}

/** The view of a namespace that is not attached to the agent's own namespace. */
export const UNATTACHED: NamespaceView = { addresses: [], attachments: [], isPartial: false };

export const isSameView = (a: NamespaceView | undefined, b: NamespaceView | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    isSameList(a.attachments, b.attachments, Object.is) &&
    isSameList(a.addresses, b.addresses, isSameAddress));

const isSameAddress = (a: LinkAddress, b: LinkAddress): boolean =>
  a.index === b.index &&
  a.prefixLength === b.prefixLength &&
  a.flags === b.flags &&
  a.scope === b.scope &&
  Buffer.compare(a.bytes, b.bytes) === 0;

const isSameList = <T>(a: readonly T[], b: readonly T[], isSame: (a: T, b: T) => boolean): boolean =>
  a.length === b.length && a.every((value, i) => isSame(value, b[i] as T));
