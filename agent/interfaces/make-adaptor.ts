// Makes an adaptor from the kernel's description of an interface, its addresses and speed; compares two adaptors.

import { type Link, LinkFlag, OperState } from "../netlink/link.ts";
import type { Adaptor, AdaptorAddress } from "./adaptor.ts";
import type { LinkSpeed } from "./link-speed.ts";

export function makeAdaptor(link: Link, speed: LinkSpeed, addresses: readonly AdaptorAddress[]): Adaptor {
  const has = (flag: number): boolean => (link.flags & flag) !== 0;
  return {
    index: link.index,
    name: link.name,
    device: link.name,
    alternativeNames: link.alternativeNames,
    alias: link.alias,
    mac: link.mac,
    hardwareType: link.hardwareType,
    kind: link.kind,
    adminUp: has(LinkFlag.up),
    operUp: isOperational(link),
    loopback: has(LinkFlag.loopback),
    // The flag is set only by an administrator. The count also includes packet captures, bridges and other programs.
    promiscuous: link.promiscuity === undefined ? has(LinkFlag.promiscuous) : link.promiscuity > 0,
    speed: speed.speed,
    duplex: speed.duplex,
    master: link.master,
    // IFLA_LINK of an interface without a parent is the interface itself.
    link: link.link === link.index && link.linkNamespace === undefined ? 0 : link.link,
    linkNamespace: link.linkNamespace,
    addresses,
    switchPort: undefined,
    countersFrom: undefined,
  };
}

/** Returns whether an interface is up. If the driver leaves the operational state unknown, IFF_RUNNING decides. */
export function isOperational({ operState, flags }: Pick<Link, "operState" | "flags">): boolean {
  if (operState !== OperState.unknown) return operState === OperState.up;
  return (flags & LinkFlag.up) !== 0 && (flags & LinkFlag.running) !== 0;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

export const sameAddress = (a: AdaptorAddress, b: AdaptorAddress): boolean =>
  a.prefixLength === b.prefixLength && a.flags === b.flags && a.scope === b.scope && sameBytes(a.bytes, b.bytes);

/** Compares addresses without flags and scope, because a message about a known address updates these. */
export const samePlace = (a: AdaptorAddress, b: AdaptorAddress): boolean =>
  a.prefixLength === b.prefixLength && sameBytes(a.bytes, b.bytes);

const sameAddresses = (a: readonly AdaptorAddress[], b: readonly AdaptorAddress[]): boolean =>
  a.length === b.length && a.every((address, i) => sameAddress(address, b[i] as AdaptorAddress));

const LISTS = new Set<keyof Adaptor>(["mac", "addresses", "alternativeNames"]);

export function sameAdaptor(a: Adaptor, b: Adaptor): boolean {
  for (const key of Object.keys(a) as (keyof Adaptor)[]) {
    if (!LISTS.has(key) && a[key] !== b[key]) return false;
  }
  const sameNames = a.alternativeNames.join() === b.alternativeNames.join();
  return sameNames && sameBytes(a.mac, b.mac) && sameAddresses(a.addresses, b.addresses);
}
