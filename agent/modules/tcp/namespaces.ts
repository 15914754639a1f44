// The network namespaces that connections are looked up in, with the one socket each costs while it is in use.

import type { Shim, ShimError } from "../../../native-shim/shim.ts";
import type { Clock } from "../../host/host.ts";
import { addCounts, type LookupCounts, makeCounts } from "./counts.ts";
import { type DiagSocket, openDiagSocket } from "./diag-socket.ts";

export interface Namespace {
  readonly slot: number;
  /** `net:[inode]`, and where a path leads into it. Both undefined for the agent's own. */
  readonly identity: string | undefined;
  path: string | undefined;
  /** Sequence number of the next question. */
  sequence: number;
  readonly counts: LookupCounts;
  socket: DiagSocket | undefined;
  /** Milliseconds of uptime: when a socket was last asked for, and until when a refused one is not tried again. */
  usedAt: number;
  refusedUntil: number;
  /** Why there is no socket although there should be one. */
  obstacle: ShimError | undefined;
}

const IDLE = 60_000;
const RETRY = 30_000;
/** More namespaces than this at a time take turns. */
const MOST_SOCKETS = 256;

export interface NamespaceEvents {
  /** Whether its path leads to it: the process that it leads through may be gone, or its number another's. */
  leadsThere(namespace: Namespace): boolean;
  onRefused(namespace: Namespace, error: ShimError): void;
  /** Before it is closed. */
  onClose(socket: DiagSocket): void;
  /** Its slot may be another's from here on. */
  onRemove(): void;
}

export class Namespaces {
  readonly #shim: Shim;
  readonly #clock: Pick<Clock, "uptime">;
  readonly #events: NamespaceEvents;
  readonly #slots: (Namespace | undefined)[] = [];
  /** Of namespaces that are gone. */
  readonly #gone = makeCounts();
  #open = 0;
  readonly own: Namespace;

  constructor(shim: Shim, clock: Pick<Clock, "uptime">, events: NamespaceEvents) {
    this.#shim = shim;
    this.#clock = clock;
    this.#events = events;
    this.own = this.#make(undefined, undefined);
  }

  add(identity: string, path: string): Namespace {
    return this.#make(identity, path);
  }

  remove(namespace: Namespace): void {
    this.close(namespace);
    addCounts(this.#gone, namespace.counts);
    this.#slots[namespace.slot] = undefined;
    this.#events.onRemove();
  }

  bySlot(slot: number): Namespace | undefined {
    return this.#slots[slot];
  }

  all(): readonly Namespace[] {
    return this.#slots.filter((namespace) => namespace !== undefined);
  }

  /** Opened when first asked for; undefined while it is refused. */
  socketOf(namespace: Namespace): DiagSocket | undefined {
    const now = this.#clock.uptime();
    namespace.usedAt = now;
    if (namespace.socket === undefined && now >= namespace.refusedUntil) this.#tryOpen(namespace, now);
    return namespace.socket;
  }

  close(namespace: Namespace): void {
    if (namespace.socket === undefined) return;
    this.#events.onClose(namespace.socket);
    this.#shim.close(namespace.socket.fd);
    namespace.socket = undefined;
    this.#open--;
  }

  /** Closes sockets not used for a while. An open socket keeps its namespace alive. */
  closeIdle(): void {
    const before = this.#clock.uptime() - IDLE;
    for (const namespace of this.all()) {
      if (namespace !== this.own && namespace.usedAt < before) this.close(namespace);
    }
  }

  closeAll(): void {
    for (const namespace of this.all()) this.close(namespace);
  }

  /** Of all namespaces, those that are gone included. */
  totals(): LookupCounts {
    const sum = makeCounts();
    addCounts(sum, this.#gone);
    for (const { counts } of this.all()) addCounts(sum, counts);
    return sum;
  }

  #make(identity: string | undefined, path: string | undefined): Namespace {
    const free = this.#slots.indexOf(undefined);
    const slot = free < 0 ? this.#slots.length : free;
    const beginning = { sequence: 1, socket: undefined, usedAt: 0, refusedUntil: 0, obstacle: undefined };
    const namespace: Namespace = { slot, identity, path, counts: makeCounts(), ...beginning };
    this.#slots[slot] = namespace;
    return namespace;
  }

  #tryOpen(namespace: Namespace, now: number): void {
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
    const [oldest] = open.sort((a, b) => a.usedAt - b.usedAt);
    if (oldest !== undefined) this.close(oldest);
  }
}
