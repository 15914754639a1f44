// Table of adaptors by index and name, updated by the kernel's messages. Collects the resulting changes.

import type { Files } from "../host/host.ts";
import type { Link } from "../netlink/link.ts";
import type { LinkAddress } from "../netlink/link-address.ts";
import type { Adaptor, AdaptorAddress, AdaptorChange } from "./adaptor.ts";
import { type LinkSpeed, readLinkSpeed } from "./link-speed.ts";
import { makeAdaptor, sameAdaptor, samePlace } from "./make-adaptor.ts";
import { namesOf } from "./names.ts";

interface Entry {
  link: Link;
  speed: LinkSpeed;
  adaptor: Adaptor;
}

/** Kinds of interfaces whose speed depends on the speed of their ports. */
const AGGREGATES = new Set(["bond", "bridge", "team"]);
const NO_ADDRESSES: readonly AdaptorAddress[] = [];
const NONE: ReadonlySet<number> = new Set();

export type Changes = AdaptorChange[];

function changesBy(change: (into: Changes) => void): Changes {
  const into: Changes = [];
  change(into);
  return into;
}

interface LookUps {
  readonly all: readonly Adaptor[];
  readonly names: ReadonlyMap<string, Adaptor>;
}

function makeLookUps(entries: ReadonlyMap<number, Entry>): LookUps {
  const all = [...entries.values()].map((entry) => entry.adaptor).sort((a, b) => a.index - b.index);
  const names = new Map(all.flatMap((adaptor) => namesOf(adaptor).map((name) => [name, adaptor] as const)));
  for (const adaptor of all) names.set(adaptor.name, adaptor);
  return { all, names };
}

/** The table of the interfaces of this network namespace. */
export class LinkTable {
  readonly #files: Files;
  readonly #describe: (adaptor: Adaptor) => Adaptor;
  readonly #entries = new Map<number, Entry>();
  readonly #addresses = new Map<number, readonly AdaptorAddress[]>();
  #lookUps: LookUps | undefined;

  /** `describe` adds the facts of port providers to the kernel's description of an interface. */
  constructor(files: Files, describe: (adaptor: Adaptor) => Adaptor) {
    this.#files = files;
    this.#describe = describe;
  }

  all(): readonly Adaptor[] {
    return this.#current().all;
  }

  byIndex(index: number): Adaptor | undefined {
    return this.#entries.get(index)?.adaptor;
  }

  byName(name: string): Adaptor | undefined {
    return this.#current().names.get(name);
  }

  putLink(link: Link, into: Changes): void {
    // A different kind under the same index means: the first interface was deleted, and the message about it was lost.
    const before = this.#entries.get(link.index);
    if (before !== undefined && before.link.kind !== link.kind) this.#remove(link.index, into);
    const entry = this.#entries.get(link.index);
    if (entry === undefined) this.#add(link, into);
    else this.#update(entry, link, into);
  }

  removeLink(index: number, into: Changes): void {
    this.#addresses.delete(index);
    this.#remove(index, into);
  }

  putAddress({ index, ...address }: LinkAddress, into: Changes): void {
    const before = this.#addresses.get(index) ?? NO_ADDRESSES;
    const known = before.some((other) => samePlace(other, address));
    const replaced = before.map((other) => (samePlace(other, address) ? address : other));
    this.#setAddresses(index, known ? replaced : [...before, address], into);
  }

  removeAddress({ index, ...address }: LinkAddress, into: Changes): void {
    const before = this.#addresses.get(index) ?? NO_ADDRESSES;
    const others = before.filter((other) => !samePlace(other, address));
    this.#setAddresses(index, others, into);
  }

  /**
   * Replaces the whole table and reads speeds again, in steps with the changes of each. Interfaces in `newer` have
   * changed since the lists were made. If `addresses` is undefined, keeps the present addresses.
   */
  *replacing(
    links: readonly Link[],
    addresses: readonly LinkAddress[] | undefined,
    newer: ReadonlySet<number> = NONE,
  ): Generator<Changes, void, undefined> {
    if (addresses !== undefined) replaceAddresses(this.#addresses, addresses, newer);
    const present = new Set(links.map((link) => link.index));
    const missing = [...this.#entries.keys()].filter((index) => !present.has(index));
    for (const index of missing) if (!newer.has(index)) yield changesBy((into) => this.#remove(index, into));
    for (const link of links) if (!newer.has(link.index)) yield changesBy((into) => this.#renew(link, into));
  }

  /** Describes all interfaces again. */
  describeAgain(into: Changes): void {
    for (const entry of this.#entries.values()) this.#refresh(entry, into);
  }

  #current(): LookUps {
    this.#lookUps ??= makeLookUps(this.#entries);
    return this.#lookUps;
  }

  #add(link: Link, into: Changes): void {
    const speed = readLinkSpeed(this.#files, link.name);
    const adaptor = this.#makeAdaptor(link, speed);
    this.#entries.set(link.index, { link, speed, adaptor });
    this.#lookUps = undefined;
    into.push({ kind: "added", adaptor });
  }

  #remove(index: number, into: Changes): void {
    const entry = this.#entries.get(index);
    if (entry === undefined) return;
    this.#entries.delete(index);
    this.#lookUps = undefined;
    into.push({ kind: "removed", adaptor: entry.adaptor });
  }

  #update(entry: Entry, link: Link, into: Changes): void {
    const before = entry.link;
    entry.link = link;
    if (mayChangeSpeed(before, link)) {
      entry.speed = readLinkSpeed(this.#files, link.name);
      for (const master of new Set([before.master, link.master])) this.#renewSpeed(master, into);
    }
    this.#refresh(entry, into);
  }

  #renew(link: Link, into: Changes): void {
    const known = this.#entries.has(link.index);
    this.putLink(link, into);
    // Skips veths: their speed never changes, and a host may have a thousand of them.
    if (known && link.kind !== "veth") this.#renewSpeed(link.index, into);
  }

  #renewSpeed(index: number, into: Changes): void {
    const entry = this.#entries.get(index);
    if (entry === undefined) return;
    entry.speed = readLinkSpeed(this.#files, entry.link.name);
    this.#refresh(entry, into);
  }

  #setAddresses(index: number, list: readonly AdaptorAddress[], into: Changes): void {
    this.#addresses.set(index, list);
    const entry = this.#entries.get(index);
    if (entry !== undefined) this.#refresh(entry, into);
  }

  #refresh(entry: Entry, into: Changes): void {
    const adaptor = this.#makeAdaptor(entry.link, entry.speed);
    if (sameAdaptor(adaptor, entry.adaptor)) return;
    entry.adaptor = adaptor;
    this.#lookUps = undefined;
    into.push({ kind: "changed", adaptor });
  }

  #makeAdaptor(link: Link, speed: LinkSpeed): Adaptor {
    return this.#describe(makeAdaptor(link, speed, this.#addresses.get(link.index) ?? NO_ADDRESSES));
  }
}

function replaceAddresses(
  into: Map<number, readonly AdaptorAddress[]>,
  all: readonly LinkAddress[],
  newer: ReadonlySet<number>,
): void {
  const lists = new Map<number, AdaptorAddress[]>();
  for (const { index, ...address } of all) {
    const list = lists.get(index);
    if (list === undefined) lists.set(index, [address]);
    else list.push(address);
  }
  for (const index of [...into.keys()]) if (!newer.has(index)) into.delete(index);
  for (const [index, list] of lists) if (!newer.has(index)) into.set(index, list);
}

function mayChangeSpeed(before: Link, after: Link): boolean {
  if (before.flags !== after.flags || before.operState !== after.operState) return true;
  return before.master !== after.master || AGGREGATES.has(after.kind ?? "");
}
