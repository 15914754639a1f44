// Looks up connections in their namespaces, by exact requests or by dumps. Answers may arrive at once or late.

import type { FlowBatch, Hold } from "../../flow/flows.ts";
import type { Clock, Host } from "../../host/host.ts";
import { findIdentity } from "../../namespaces/find.ts";
import type { Complaints } from "./complaints.ts";
import { type DiagNamespace, DiagNamespaces } from "./diag-namespaces.ts";
import { Dump } from "./dump.ts";
import { Exchange } from "./exchange.ts";
import { HitCache } from "./hit-cache.ts";
import type { Lookups } from "./lookups.ts";
import { Outcome } from "./outcome.ts";
import { PendingLookups, type Sample } from "./pending-lookups.ts";

/** Looks up the connections of a batch. Falls back to the hit cache for connections that the kernel does not find. */
export class Lookup {
  readonly #exchange: Exchange;
  readonly #dump: Dump | undefined;
  readonly #pending: PendingLookups;
  readonly #hits = new HitCache();
  readonly #clock: Pick<Clock, "uptime">;
  readonly #asked = new Set<number>();
  readonly namespaces: DiagNamespaces;
  /** Number of answers that match no request. */
  strays = 0;

  /** Calls `onMoved` when the path of a namespace no longer leads into it. */
  constructor({ sockets, clock, files }: Host, byDump: boolean, complaints: Complaints, onMoved: () => void) {
    const onTrouble = ({ path }: DiagNamespace, what: string): void => complaints.trouble(path, what);
    this.namespaces = new DiagNamespaces(sockets, clock, {
      leadsThere({ identity, path }) {
        const leads = path === undefined || findIdentity(files, path) === identity;
        if (!leads) onMoved();
        return leads;
      },
      onRefused: ({ path }, error) => complaints.refused(path, error),
      onClose: ({ fd }) => this.#pending.forget(fd),
      onRemove: () => this.#hits.clear(),
    });
    this.#clock = clock;
    this.#pending = new PendingLookups(sockets, clock, (namespace) => {
      if (namespace.socket !== undefined) this.#exchange.drain(namespace, namespace.socket);
    });
    this.#exchange = new Exchange(sockets, {
      onUnanswered: (...question) => this.#pending.keep(...question),
      onStray: (namespace, reader) => {
        if (!this.#pending.accept(namespace, reader)) this.strays++;
      },
      onTrouble,
    });
    this.#dump = byDump ? new Dump(sockets, clock, onTrouble) : undefined;
  }

  /** Sets the outcome of each connection that the kernel answers at once. Every known kernel answers all at once. */
  ask(lookups: Lookups): void {
    this.#asked.clear();
    let last = -1;
    for (let i = 0; i < lookups.count; i++) {
      const slot = lookups.slot(i);
      if (slot === last || this.#asked.has(slot)) continue;
      last = slot;
      this.#asked.add(slot);
      const namespace = this.namespaces.bySlot(slot);
      if (namespace !== undefined) this.#askIn(namespace, lookups);
    }
    this.#remember(lookups);
  }

  /** Holds the batch if answers are missing. */
  hold(batch: FlowBatch, hold: (milliseconds: number) => Hold, samplesOf: (connection: number) => Sample[]): void {
    this.#pending.hold(batch, hold, samplesOf);
  }

  stop(): void {
    this.#pending.stop();
    this.namespaces.closeAll();
  }

  /** Keeps the answers in the hit cache. Takes the answers for connections that were not found from the hit cache. */
  #remember(lookups: Lookups): void {
    this.#hits.begin(this.#clock.uptime());
    for (let i = 0; i < lookups.count; i++) {
      if (lookups.outcome[i] === Outcome.hit) this.#hits.keep(lookups, i);
      else if (lookups.outcome[i] === Outcome.notFound && this.#hits.recall(lookups, i))
        this.#countRecalled(lookups, i);
    }
  }

  #countRecalled(lookups: Lookups, index: number): void {
    const namespace = this.namespaces.bySlot(lookups.slot(index));
    if (namespace !== undefined) namespace.counts.recalled++;
  }

  #askIn(namespace: DiagNamespace, lookups: Lookups): void {
    const socket = this.namespaces.socketOf(namespace);
    if (socket === undefined) refuse(namespace, lookups);
    else if (this.#dump === undefined) this.#exchange.ask(namespace, socket, lookups);
    else if (!this.#dump.ask(namespace, socket, lookups)) this.namespaces.close(namespace);
  }
}

function refuse(namespace: DiagNamespace, lookups: Lookups): void {
  for (let i = 0; i < lookups.count; i++) {
    if (lookups.slot(i) !== namespace.slot) continue;
    lookups.outcome[i] = Outcome.error;
    namespace.counts.lookups++;
    namespace.counts.errors++;
  }
}
