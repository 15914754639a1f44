// Table of the other network namespaces of this host, kept current. An entry has the path and the addresses of a
// namespace, and the interfaces of the agent's own namespace to which the namespace is attached.

import type { ReceiveBatch, ShimError } from "../../native-shim/shim.ts";
import type { Clock, Host, Timer } from "../host/host.ts";
import type { Interfaces } from "../interfaces/adaptor.ts";
import { netlinkMemory } from "../sockets/netlink-socket.ts";
import { findMoved, findNamespaces } from "./find.ts";
import { type NamespaceView, readNamespace } from "./read-namespace.ts";

/** A network namespace that a search has found. */
export interface KnownNamespace {
  /** Identity of the namespace, `net:[inode]`. */
  readonly identity: string;
  /** Path to the namespace: a mount, or /proc/PID/ns/net. */
  readonly path: string;
  /** Addresses and attachments; undefined until they were read once. */
  readonly view: NamespaceView | undefined;
}

/** Receives events about namespaces that are attached to an interface of the agent's own namespace. */
export interface NamespaceListener {
  /** Called when a namespace is attached to an interface of the agent's own namespace for the first time. */
  onFound(namespace: KnownNamespace): void;
  /** Called when the namespace has another path. */
  onMoved(namespace: KnownNamespace): void;
  onGone(namespace: KnownNamespace): void;
  /** Called after the events above, if addresses or attachments changed or a namespace was removed. */
  onChange(): void;
  /** Called when a namespace cannot be entered. */
  onRefused(path: string, error: ShimError): void;
}

/**
 * Milliseconds from a change to the search. Changes come in bursts: an interface is created, moved, renamed, given
 * addresses and brought up.
 */
const SETTLE = 100;
/**
 * Milliseconds before each further search, while an interface leads to a namespace that no search has found. The
 * processes of that namespace may start later than the interface is created.
 */
const SEARCH_AGAIN = [200, 400, 800, 1_600, 3_200, 6_400];
/**
 * Number of namespaces read at a time, and the pause after them in milliseconds. Reading a namespace takes about 150
 * us, so packets wait for 1 or 2 ms at most.
 */
const AT_ONCE = 8;
const PAUSE = 10;
/** Milliseconds between two searches caused by packets with unknown addresses; doubled while searches find nothing. */
const LEAST_WAIT = 2_000;
const MOST_WAIT = 60_000;
const MOST_NAMESPACES = 10_000;

interface Entry extends KnownNamespace {
  path: string;
  view: NamespaceView | undefined;
  /** True if the namespace is, or was, attached to an interface of the agent's own namespace. */
  attached: boolean;
}

/** Finds network namespaces and reads their addresses when interfaces change or packets have unknown addresses. */
export class NamespaceTable {
  readonly #host: Pick<Host, "sockets" | "files">;
  readonly #clock: Clock;
  readonly #interfaces: Pick<Interfaces, "all">;
  readonly #listener: NamespaceListener;
  readonly #memory: ReceiveBatch;
  /** Namespaces by identity. */
  readonly #known = new Map<string, Entry>();
  /** Identities of namespaces to read. */
  readonly #unread = new Set<string>();
  /** ifIndexes that changed since the last search. */
  readonly #touched = new Set<number>();
  #timer: Timer | undefined;
  /** Timer of the next search in SEARCH_AGAIN. */
  #again: Timer | undefined;
  /** Number of searches in SEARCH_AGAIN that have been done. */
  #repeats = 0;
  #wait = LEAST_WAIT;
  #quietUntil = 0;

  constructor(host: Host, interfaces: Pick<Interfaces, "all">, listener: NamespaceListener) {
    this.#host = host;
    this.#clock = host.clock;
    this.#interfaces = interfaces;
    this.#listener = listener;
    this.#memory = netlinkMemory(host.sockets);
  }

  /** Returns the namespaces that are, or were, attached to an interface of the agent's own namespace. */
  attached(): readonly KnownNamespace[] {
    return [...this.#known.values()].filter(({ attached }) => attached);
  }

  /**
   * Reports a change of an interface of the agent's own namespace; 0 means no particular interface. Causes a search for
   * new namespaces, and reads namespaces that are attached to this interface again.
   */
  changed(interfaceIndex: number): void {
    this.#repeats = 0;
    this.#again?.cancel();
    this.#again = undefined;
    this.#touch(interfaceIndex);
  }

  /** Reports a packet with unknown addresses, which may be new. Causes a search at most every few seconds. */
  missed(): void {
    const now = this.#clock.uptime();
    if (now < this.#quietUntil) return;
    this.#quietUntil = now + this.#wait;
    this.#wait = Math.min(2 * this.#wait, MOST_WAIT);
    for (const { view } of this.#known.values()) for (const index of view?.attachments ?? []) this.#touched.add(index);
    this.#touch(0);
  }

  /** Searches at once if the path of one of these namespaces no longer leads to the same namespace. */
  check(identities: readonly string[]): void {
    const entries = identities.flatMap((identity) => this.#known.get(identity) ?? []);
    if (entries.length === 0) return;
    const paths = new Map(entries.map(({ identity, path }) => [identity, path]));
    if (findMoved(this.#host.files, paths).length > 0) this.#search();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#again?.cancel();
  }

  #touch(interfaceIndex: number): void {
    this.#touched.add(interfaceIndex);
    this.#schedule(SETTLE, () => this.#search());
  }

  #schedule(milliseconds: number, work: () => void): void {
    this.#timer ??= this.#clock.after(milliseconds, () => {
      this.#timer = undefined;
      work();
    });
  }

  #search(): void {
    const found = findNamespaces(this.#host.files);
    for (const entry of this.#known.values()) if (!found.has(entry.identity)) this.#drop(entry);
    for (const [identity, path] of found) this.#note(identity, path);
    for (const entry of this.#known.values()) if (this.#isTouched(entry)) this.#unread.add(entry.identity);
    this.#touched.clear();
    this.#readSome();
  }

  #note(identity: string, path: string): void {
    const entry = this.#known.get(identity);
    if (entry !== undefined) {
      const moved = entry.path !== path;
      entry.path = path;
      if (moved && entry.attached) this.#listener.onMoved(entry);
    } else if (this.#known.size < MOST_NAMESPACES) {
      this.#known.set(identity, { identity, path, view: undefined, attached: false });
      this.#unread.add(identity);
    }
  }

  /** True if the namespace is attached to a changed interface. Also true without attachments, which may be new. */
  #isTouched({ view }: Entry): boolean {
    if (this.#touched.size === 0) return false;
    const attachments = view?.attachments ?? [];
    return attachments.length === 0 || attachments.some((attachment) => this.#touched.has(attachment));
  }

  #readSome(): void {
    let changed = false;
    for (const identity of [...this.#unread].slice(0, AT_ONCE)) {
      this.#unread.delete(identity);
      const entry = this.#known.get(identity);
      if (entry !== undefined && this.#renew(entry)) changed = true;
    }
    if (changed) {
      this.#wait = LEAST_WAIT;
      this.#listener.onChange();
    }
    if (this.#unread.size > 0) this.#schedule(PAUSE, () => this.#readSome());
    else if (this.#touched.size > 0) this.#schedule(SETTLE, () => this.#search());
    else if (this.#again === undefined && this.#leadsToUnknown()) this.#searchAgain();
  }

  /** True while an interface of the agent's own namespace leads to a namespace that no search has found. */
  #leadsToUnknown(): boolean {
    const known = new Set([...this.#known.values()].flatMap(({ view }) => view?.attachments ?? []));
    return this.#interfaces.all().some(({ index, linkNamespace }) => linkNamespace !== undefined && !known.has(index));
  }

  #searchAgain(): void {
    const wait = SEARCH_AGAIN[this.#repeats++];
    if (wait === undefined) return;
    this.#again = this.#clock.after(wait, () => {
      this.#again = undefined;
      this.#touched.add(0);
      this.#schedule(0, () => this.#search());
    });
  }

  /** Reads a namespace again and returns true if its view changed. If it cannot be entered, keeps the old view. */
  #renew(entry: Entry): boolean {
    const before = entry.view;
    entry.view = this.#read(entry.path) ?? before;
    if (!entry.attached && (entry.view?.attachments.length ?? 0) > 0) {
      entry.attached = true;
      this.#listener.onFound(entry);
    }
    return JSON.stringify(before) !== JSON.stringify(entry.view);
  }

  #read(path: string): NamespaceView | undefined {
    try {
      return readNamespace(this.#host.sockets, this.#memory, path, process.pid);
    } catch (error) {
      this.#listener.onRefused(path, error as ShimError);
      return undefined;
    }
  }

  #drop(entry: Entry): void {
    this.#known.delete(entry.identity);
    this.#unread.delete(entry.identity);
    if (!entry.attached) return;
    this.#listener.onGone(entry);
    this.#listener.onChange();
  }
}
