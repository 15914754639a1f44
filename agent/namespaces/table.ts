// Table of the other network namespaces of this host, kept current. An entry has the path and the addresses of a
// namespace, and the interfaces of the agent's own namespace to which the namespace is attached.

import type { ReceiveBatch, ShimError } from "../../native-shim/shim.ts";
import type { Clock, Host, Timer } from "../host/host.ts";
import { WorkQueue } from "../host/work-queue.ts";
import type { Interfaces } from "../interfaces/adaptor.ts";
import { netlinkMemory } from "../sockets/netlink-socket.ts";
import { findMoved, findNamespaces } from "./find.ts";
import type { KnownNamespace, NamespaceListener } from "./known-namespace.ts";
import { isSameView, type NamespaceView } from "./namespace-view.ts";
import { readNamespace } from "./read-namespace.ts";

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
  readonly #queue: WorkQueue;
  #searching = false;
  #wait = LEAST_WAIT;
  #quietUntil = 0;

  constructor(host: Host, interfaces: Pick<Interfaces, "all">, listener: NamespaceListener) {
    this.#host = host;
    this.#clock = host.clock;
    this.#queue = new WorkQueue(host.clock);
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
    this.#queue.clear();
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
    if (this.#searching) return;
    this.#searching = true;
    const search = findNamespaces(this.#host.files);
    const step = (): void => {
      const { done, value } = search.next();
      if (done) this.#onSearched(value);
      else this.#queue.add(step);
    };
    this.#queue.add(step);
  }

  #onSearched(found: ReadonlyMap<string, string>): void {
    this.#searching = false;
    for (const entry of this.#known.values()) if (!found.has(entry.identity)) this.#drop(entry);
    for (const [identity, path] of found) this.#note(identity, path);
    for (const entry of this.#known.values()) if (this.#isTouched(entry)) this.#unread.add(entry.identity);
    this.#touched.clear();
    this.#readUnread();
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

  /** Reading a namespace takes 150 us to 20 ms. */
  #readUnread(): void {
    for (const identity of this.#unread) this.#queue.add(() => this.#readOne(identity));
    this.#queue.add(() => this.#onRead());
  }

  #readOne(identity: string): void {
    const entry = this.#known.get(identity);
    if (!this.#unread.delete(identity) || entry === undefined || !this.#renew(entry)) return;
    this.#wait = LEAST_WAIT;
    this.#listener.onChange();
  }

  #onRead(): void {
    if (this.#touched.size > 0) this.#schedule(SETTLE, () => this.#search());
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
    if (entry.view?.isPartial === true && before?.isPartial !== true) this.#listener.onPartial(entry.path);
    return !isSameView(before, entry.view);
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
