// The network namespaces of this host, kept current: which there are, which addresses they have, where they are plugged
// in.

import type { Clock, Files, Timer } from "../../host/host.ts";
import { findCandidates, findIdentity, findMoved } from "./candidates.ts";
import type { Namespace, Namespaces } from "./namespaces.ts";
import type { NamespaceView } from "./read-namespace.ts";

/** One namespace besides the agent's own. */
export interface Container {
  /** `net:[inode]`. */
  readonly identity: string;
  path: string;
  /** Undefined until it was entered once. */
  view: NamespaceView | undefined;
  /** Made when its addresses are worth looking up. */
  namespace: Namespace | undefined;
}

export interface ContainerSources {
  readonly files: Files;
  readonly clock: Clock;
  readonly namespaces: Namespaces;
  /** Indices of the interfaces of the agent's own namespace that another namespace hangs together with. */
  plugged(): readonly number[];
  /** Undefined where the namespace cannot be entered. */
  read(path: string): NamespaceView | undefined;
  /** Addresses or attachments are no longer what they were. */
  onChange(): void;
}

/** Changes come in bursts: an interface is made, moved, named, given its addresses, brought up. */
const SETTLE = 100;
/**
 * Before each of the searches that follow while an interface leads to a namespace that none has found: its processes
 * may come after it, or may be seen for the first time when they run their own program.
 */
const SEARCH_AGAIN = [200, 400, 800, 1_600, 3_200, 6_400];
/**
 * Entering a namespace takes some 150 us: a few at a time, so that packets never wait longer than a millisecond or two.
 */
const AT_ONCE = 8;
const PAUSE = 10;
/** Between two searches that a packet of unknown ends sets off; doubled while they find nothing. */
const LEAST_WAIT = 2_000;
const MOST_WAIT = 60_000;
const MOST_CONTAINERS = 10_000;

export class Containers {
  readonly #sources: ContainerSources;
  /** By identity. */
  readonly #known = new Map<string, Container>();
  readonly #unread = new Set<string>();
  /** Interfaces of the agent's own namespace that changed since the last search. */
  readonly #touched = new Set<number>();
  #timer: Timer | undefined;
  /** Of the next search again, and how many there were. */
  #later: Timer | undefined;
  #again = 0;
  #wait = LEAST_WAIT;
  #quietUntil = 0;

  constructor(sources: ContainerSources) {
    this.#sources = sources;
  }

  /** Those whose addresses are looked up: plugged into the agent's own namespace, or with a tap inside. */
  all(): readonly Container[] {
    return [...this.#known.values()].filter(({ namespace }) => namespace !== undefined);
  }

  /** The one that a tap is in, plugged in or not; undefined where the path leads nowhere. */
  enter(path: string): Container | undefined {
    const { files, namespaces, read, onChange } = this.#sources;
    const identity = findIdentity(files, path);
    if (identity === undefined) return undefined;
    const container = this.#known.get(identity) ?? { identity, path, view: undefined, namespace: undefined };
    this.#known.set(identity, container);
    if (container.namespace === undefined) {
      container.namespace = namespaces.add(identity, path);
      container.view ??= read(path);
      onChange();
    }
    return container;
  }

  /**
   * Something changed at this interface, 0 for none in particular: looks for new namespaces, and again into those
   * plugged in there.
   */
  changed(interfaceIndex: number): void {
    this.#again = 0;
    this.#later?.cancel();
    this.#later = undefined;
    this.#touch(interfaceIndex);
  }

  /** A packet whose ends are not known: perhaps an address is new. Looks into namespaces at most every few seconds. */
  wanted(): void {
    const now = this.#sources.clock.uptime();
    if (now < this.#quietUntil) return;
    this.#quietUntil = now + this.#wait;
    this.#wait = Math.min(2 * this.#wait, MOST_WAIT);
    for (const { view } of this.#known.values()) for (const at of view?.attachments ?? []) this.#touched.add(at);
    this.#touch(0);
  }

  /** Lets go of namespaces that are gone, but for their sockets. */
  sweep(): void {
    const open = this.all().filter(({ namespace }) => namespace?.socket !== undefined);
    if (open.length === 0) return;
    const paths = new Map(open.map(({ identity, path }) => [identity, path]));
    if (findMoved(this.#sources.files, paths).length > 0) this.#search();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#later?.cancel();
  }

  #touch(interfaceIndex: number): void {
    this.#touched.add(interfaceIndex);
    this.#schedule(SETTLE, () => this.#search());
  }

  #schedule(milliseconds: number, work: () => void): void {
    this.#timer ??= this.#sources.clock.after(milliseconds, () => {
      this.#timer = undefined;
      work();
    });
  }

  #search(): void {
    const candidates = findCandidates(this.#sources.files);
    for (const container of this.#known.values()) if (!candidates.has(container.identity)) this.#drop(container);
    for (const [identity, path] of candidates) this.#note(identity, path);
    for (const container of this.#known.values()) if (this.#isTouched(container)) this.#unread.add(container.identity);
    this.#touched.clear();
    this.#readSome();
  }

  #note(identity: string, path: string): void {
    const container = this.#known.get(identity);
    if (container !== undefined) {
      container.path = path;
      if (container.namespace !== undefined && container.namespace.path !== path) {
        container.namespace.path = path;
        container.namespace.refusedUntil = 0;
      }
    } else if (this.#known.size < MOST_CONTAINERS) {
      this.#known.set(identity, { identity, path, view: undefined, namespace: undefined });
      this.#unread.add(identity);
    }
  }

  /** A namespace that nothing leads to may have been plugged in now. */
  #isTouched({ view }: Container): boolean {
    if (this.#touched.size === 0) return false;
    const attachments = view?.attachments ?? [];
    return attachments.length === 0 || attachments.some((attachment) => this.#touched.has(attachment));
  }

  #readSome(): void {
    let changed = false;
    for (const identity of [...this.#unread].slice(0, AT_ONCE)) {
      this.#unread.delete(identity);
      const container = this.#known.get(identity);
      if (container !== undefined && this.#read(container)) changed = true;
    }
    if (changed) {
      this.#wait = LEAST_WAIT;
      this.#sources.onChange();
    }
    if (this.#unread.size > 0) this.#schedule(PAUSE, () => this.#readSome());
    else if (this.#touched.size > 0) this.#schedule(SETTLE, () => this.#search());
    else if (this.#later === undefined && this.#leadsToUnknown()) this.#searchLater();
  }

  #leadsToUnknown(): boolean {
    const known = new Set([...this.#known.values()].flatMap(({ view }) => view?.attachments ?? []));
    return this.#sources.plugged().some((index) => !known.has(index));
  }

  #searchLater(): void {
    const wait = SEARCH_AGAIN[this.#again++];
    if (wait === undefined) return;
    this.#later = this.#sources.clock.after(wait, () => {
      this.#later = undefined;
      this.#touched.add(0);
      this.#schedule(0, () => this.#search());
    });
  }

  /** True where what is known of it changed. */
  #read(container: Container): boolean {
    const before = container.view;
    container.view = this.#sources.read(container.path) ?? before;
    const plugged = (container.view?.attachments.length ?? 0) > 0;
    if (plugged) container.namespace ??= this.#sources.namespaces.add(container.identity, container.path);
    return JSON.stringify(before) !== JSON.stringify(container.view);
  }

  #drop({ identity, namespace }: Container): void {
    this.#known.delete(identity);
    this.#unread.delete(identity);
    if (namespace === undefined) return;
    this.#sources.namespaces.remove(namespace);
    this.#sources.onChange();
  }
}
