// Adaptors by index, name and hardware address, and the changes that each word of the kernel makes to them.

import type { Files } from "../host/host.ts";
import type { Link } from "../netlink/link.ts";
import type { LinkAddress } from "../netlink/link-address.ts";
import type { Adaptor, AdaptorAddress, AdaptorChange } from "./adaptor.ts";
import { type LinkSpeed, readLinkSpeed } from "./link-speed.ts";
import { makeAdaptor, sameAdaptor, samePlace } from "./make-adaptor.ts";

/** What is known of one link. */
interface Entry {
  link: Link;
  speed: LinkSpeed;
  adaptor: Adaptor;
}

/** Kinds whose speed is that of their ports: it changes with them. */
const AGGREGATES = new Set(["bond", "bridge", "team"]);
const NO_ADDRESSES: readonly AdaptorAddress[] = [];

export type Changes = AdaptorChange[];

export interface LinkTable {
  all(): readonly Adaptor[];
  byIndex(index: number): Adaptor | undefined;
  byName(name: string): Adaptor | undefined;
  byMac(mac: string): Adaptor | undefined;
  linkOf(index: number): Link | undefined;
  putLink(link: Link, into: Changes): void;
  removeLink(index: number, into: Changes): void;
  putAddress(address: LinkAddress, into: Changes): void;
  removeAddress(address: LinkAddress, into: Changes): void;
  /** Makes the table what a whole answer says; without `addresses` those stay as they were. Speeds are read anew. */
  replace(links: readonly Link[], addresses: readonly LinkAddress[] | undefined, into: Changes): void;
}

interface LookUps {
  readonly all: readonly Adaptor[];
  readonly names: ReadonlyMap<string, Adaptor>;
  /** Undefined for an address that several have. */
  readonly macs: ReadonlyMap<string, Adaptor | undefined>;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function makeLookUps(entries: ReadonlyMap<number, Entry>): LookUps {
  const all = [...entries.values()].map((entry) => entry.adaptor).sort((a, b) => a.index - b.index);
  const macs = new Map<string, Adaptor | undefined>();
  for (const adaptor of all.filter(({ mac }) => mac.length > 0)) {
    const mac = hex(adaptor.mac);
    macs.set(mac, macs.has(mac) ? undefined : adaptor);
  }
  return { all, names: new Map(all.map((adaptor) => [adaptor.name, adaptor])), macs };
}

export function makeLinkTable(files: Files): LinkTable {
  const entries = new Map<number, Entry>();
  const addresses = new Map<number, readonly AdaptorAddress[]>();
  let lookUps: LookUps | undefined;
  const current = (): LookUps => {
    lookUps ??= makeLookUps(entries);
    return lookUps;
  };

  function refresh(entry: Entry, into: Changes): void {
    const adaptor = makeAdaptor(entry.link, entry.speed, addresses.get(entry.link.index) ?? NO_ADDRESSES);
    if (sameAdaptor(adaptor, entry.adaptor)) return;
    entry.adaptor = adaptor;
    lookUps = undefined;
    into.push({ kind: "changed", adaptor });
  }

  function add(link: Link, into: Changes): void {
    const speed = readLinkSpeed(files, link.name);
    const adaptor = makeAdaptor(link, speed, addresses.get(link.index) ?? NO_ADDRESSES);
    entries.set(link.index, { link, speed, adaptor });
    lookUps = undefined;
    into.push({ kind: "added", adaptor });
  }

  function remove(index: number, into: Changes): void {
    const entry = entries.get(index);
    if (entry === undefined) return;
    entries.delete(index);
    lookUps = undefined;
    into.push({ kind: "removed", adaptor: entry.adaptor });
  }

  function renewSpeed(entry: Entry | undefined, into: Changes): void {
    if (entry === undefined) return;
    entry.speed = readLinkSpeed(files, entry.link.name);
    refresh(entry, into);
  }

  function update(entry: Entry, link: Link, into: Changes): void {
    const before = entry.link;
    entry.link = link;
    if (mayChangeSpeed(before, link)) {
      entry.speed = readLinkSpeed(files, link.name);
      for (const master of new Set([before.master, link.master])) renewSpeed(entries.get(master), into);
    }
    refresh(entry, into);
  }

  function putLink(link: Link, into: Changes): void {
    const entry = entries.get(link.index);
    // Another kind of link under the same number: the first was deleted, and the notice of that was lost.
    if (entry !== undefined && entry.link.kind !== link.kind) remove(link.index, into);
    const left = entries.get(link.index);
    if (left === undefined) add(link, into);
    else update(left, link, into);
  }

  function setAddresses(index: number, list: readonly AdaptorAddress[], into: Changes): void {
    addresses.set(index, list);
    const entry = entries.get(index);
    if (entry !== undefined) refresh(entry, into);
  }

  return {
    all: () => current().all,
    byIndex: (index) => entries.get(index)?.adaptor,
    byName: (name) => current().names.get(name),
    byMac: (mac) => current().macs.get(mac),
    linkOf: (index) => entries.get(index)?.link,
    putLink,
    removeLink(index, into) {
      addresses.delete(index);
      remove(index, into);
    },
    putAddress({ index, ...address }, into) {
      const before = addresses.get(index) ?? NO_ADDRESSES;
      const known = before.some((other) => samePlace(other, address));
      const replaced = before.map((other) => (samePlace(other, address) ? address : other));
      setAddresses(index, known ? replaced : [...before, address], into);
    },
    removeAddress({ index, ...address }, into) {
      const others = (addresses.get(index) ?? NO_ADDRESSES).filter((other) => !samePlace(other, address));
      setAddresses(index, others, into);
    },
    replace(links, all, into) {
      if (all !== undefined) replaceAddresses(addresses, all);
      const present = new Set(links.map((link) => link.index));
      for (const index of [...entries.keys()]) if (!present.has(index)) remove(index, into);
      for (const link of links) {
        const known = entries.has(link.index);
        putLink(link, into);
        if (known && link.kind !== "veth") renewSpeed(entries.get(link.index), into);
      }
    },
  };
}

function replaceAddresses(into: Map<number, readonly AdaptorAddress[]>, all: readonly LinkAddress[]): void {
  into.clear();
  for (const { index, ...address } of all) into.set(index, [...(into.get(index) ?? NO_ADDRESSES), address]);
}

function mayChangeSpeed(before: Link, after: Link): boolean {
  if (before.flags !== after.flags || before.operState !== after.operState) return true;
  return before.master !== after.master || AGGREGATES.has(after.kind ?? "");
}
