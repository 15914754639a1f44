// The network namespaces in which connections are looked up. Each namespace in use costs a socket. See sock_diag(7).

import type { Shim, ShimError } from "../../../native-shim/shim.ts";
import type { Clock } from "../../host/host.ts";
import { addCounts, type LookupCounts, makeCounts } from "./counts.ts";
import { type DiagSocket, openDiagSocket } from "./diag-socket.ts";

/** A network namespace, and the socket for lookups in the namespace. */
export interface DiagNamespace {
  /** Index of the namespace in the table of namespaces. Reused after the namespace is removed. */
  readonly slot: number;
  /** `net:[inode]`, and a path that leads into it. Both undefined for the agent's own namespace. */
  readonly identity: string | undefined;
  path: string | undefined;
  /** Sequence number of the next request. */
  sequence: number;
  readonly counts: LookupCounts;
  socket: DiagSocket | undefined;
  /** Time when the socket was last used, in milliseconds of uptime. */
  usedAt: number;
  /** After a failure to open the socket: the earliest time of the next attempt, in milliseconds of uptime. */
  refusedUntil: number;
  /** Why the last attempt to open a socket failed. */
  obstacle: ShimError | undefined;
}

/** Milliseconds after which an unused socket is closed. */
const IDLE = 60_000;
/** Milliseconds from a failure to open a socket to the next attempt. */
const RETRY = 30_000;
/** Largest number of open sockets. If more namespaces have traffic, the socket that was used longest ago is closed. */
const MOST_SOCKETS = 256;

/** The functions that DiagNamespaces calls. */
export interface DiagNamespaceEvents {
  /**
   * Returns whether the path of the namespace still leads into the namespace. The process in the path may have ended,
   * and another process may have the same process id now.
   */
  leadsThere(namespace: DiagNamespace): boolean;
  onRefused(namespace: DiagNamespace, error: ShimError): void;
  /** Called before the socket is closed. */
  onClose(socket: DiagSocket): void;
  /** Called when a namespace is removed. Another namespace may get the same `slot` afterwards. */
  onRemove(): void;
}

/** The table of network namespaces. Opens a socket in a namespace at the first lookup there. */
export class DiagNamespaces {
  readonly #shim: Shim;
  readonly #clock: Pick<Clock, "uptime">;
  readonly #events: DiagNamespaceEvents;
  readonly #slots: (DiagNamespace | undefined)[] = [];
  readonly #byIdentity = new Map<string, DiagNamespace>();
  /** Sums of the counters of removed namespaces. */
  readonly #gone = makeCounts();
  #open = 0;
  readonly own: DiagNamespace;

  constructor(shim: Shim, clock: Pick<Clock, "uptime">, events: DiagNamespaceEvents) {
    this.#shim = shim;
    this.#clock = clock;
    this.#events = events;
    this.own = this.#make(undefined, undefined);
  }

  add(identity: string, path: string): DiagNamespace {
    const namespace = this.#make(identity, path);
    this.#byIdentity.set(identity, namespace);
    return namespace;
  }

  /**
   * Notes that another path leads into the namespace now. Allows another attempt at once if no socket could be opened.
   */
  move(identity: string, path: string): void {
    const namespace = this.#byIdentity.get(identity);
    if (namespace === undefined) return;
    namespace.path = path;
    namespace.refusedUntil = 0;
  }

  remove(identity: string): void {
    const namespace = this.#byIdentity.get(identity);
    if (namespace === undefined) return;
    this.close(namespace);
    addCounts(this.#gone, namespace.counts);
    this.#byIdentity.delete(identity);
    this.#slots[namespace.slot] = undefined;
    this.#events.onRemove();
  }

  bySlot(slot: number): DiagNamespace | undefined {
    return this.#slots[slot];
  }

  byIdentity(identity: string): DiagNamespace | undefined {
    return this.#byIdentity.get(identity);
  }

  all(): readonly DiagNamespace[] {
    return this.#slots.filter((namespace) => namespace !== undefined);
  }

  /** Returns the identities of the namespaces with an open socket, without the agent's own namespace. */
  withSocket(): readonly string[] {
    return [...this.#byIdentity].filter(([, { socket }]) => socket !== undefined).map(([identity]) => identity);
  }

  /** Returns the socket, which the first call opens; undefined while it cannot be opened. */
  socketOf(namespace: DiagNamespace): DiagSocket | undefined {
    const now = this.#clock.uptime();
    namespace.usedAt = now;
    if (namespace.socket === undefined && now >= namespace.refusedUntil) this.#tryOpen(namespace, now);
    return namespace.socket;
  }

  close(namespace: DiagNamespace): void {
    if (namespace.socket === undefined) return;
    this.#events.onClose(namespace.socket);
    this.#shim.close(namespace.socket.fd);
    namespace.socket = undefined;
    this.#open--;
  }

  /** Closes sockets that were not used for a minute. An open socket keeps its namespace alive. */
  closeIdle(): void {
    const before = this.#clock.uptime() - IDLE;
    for (const namespace of this.all()) {
      if (namespace !== this.own && namespace.usedAt < before) this.close(namespace);
    }
  }

  closeAll(): void {
    for (const namespace of this.all()) this.close(namespace);
  }

  /** Returns the sums of the counters of all namespaces, including removed ones. */
  totals(): LookupCounts {
    const sum = makeCounts();
    addCounts(sum, this.#gone);
    for (const { counts } of this.all()) addCounts(sum, counts);
    return sum;
  }

  #make(identity: string | undefined, path: string | undefined): DiagNamespace {
    const free = this.#slots.indexOf(undefined);
    const slot = free < 0 ? this.#slots.length : free;
    const beginning = { sequence: 1, socket: undefined, usedAt: 0, refusedUntil: 0, obstacle: undefined };
    const namespace: DiagNamespace = { slot, identity, path, counts: makeCounts(), ...beginning };
    this.#slots[slot] = namespace;
    return namespace;
  }

  #tryOpen(namespace: DiagNamespace, now: number): void {
    if (!this.#events.leadsThere(namespace)) {
      namespace.refusedUntil = now + RETRY;
      return;
    }
    if (this.#open >= MOST_SOCKETS) this.#closeLeastUsed();
    try {
      namespace.socket = openDiagSocket(this.#shim, namespace.path);
      namespace.obstacle = undefined;
      this.#open++;
    } catch (error) {
      namespace.refusedUntil = now + RETRY;
      namespace.obstacle = error as ShimError;
      this.#events.onRefused(namespace, namespace.obstacle);
    }
  }

  #closeLeastUsed(): void {
    const open = this.all().filter((namespace) => namespace !== this.own && namespace.socket !== undefined);
    const [least] = open.sort((a, b) => a.usedAt - b.usedAt);
    if (least !== undefined) this.close(least);
  }
}
