// Lookups for `dump = on`: the kernel lists all connections of a namespace, and the agent picks out those of the batch.
// See sock_diag(7).

import { makeReceiveBatch } from "../../../native-shim/batch.ts";
import type { ReceiveBatch, Shim } from "../../../native-shim/shim.ts";
import type { Clock } from "../../host/host.ts";
import { CONNECTED_STATES, dumpRequest } from "../../netlink/inet-diag.ts";
import { DiagAnswer, DiagReader, takeConnection } from "../../netlink/inet-diag-answer.ts";
import { Errno } from "../../sockets/errno.ts";
import { AF_INET, AF_INET6 } from "../../sockets/socket-constants.ts";
import type { DiagNamespace } from "./diag-namespaces.ts";
import type { DiagSocket } from "./diag-socket.ts";
import { KeyTable } from "./key-table.ts";
import type { Lookups } from "./lookups.ts";
import { Outcome, troubleOf } from "./outcome.ts";
import { DEADLINE } from "./pending-lookups.ts";

/** Addresses, ports and family of a connection. */
const KEY_WORDS = 10;
/** Number of datagrams read with one system call, each into a buffer of its own. */
const SLOTS = 8;
/** Size of the buffer for a datagram. The kernel puts as many connections into a datagram as fit, up to 32 KiB. */
const DUMP_BYTES = 32_768;

/** Looks up connections in the kernel's list of all connections of a namespace. */
export class Dump {
  readonly #shim: Shim;
  readonly #clock: Pick<Clock, "uptime">;
  readonly #onTrouble: (namespace: DiagNamespace, what: string) => void;
  readonly #memory: ReceiveBatch;
  readonly #reader: DiagReader;
  readonly #wanted = new KeyTable(KEY_WORDS);
  /** The index in `lookups` of each connection, by the index of the connection in `#wanted`. */
  #connections: number[] = [];

  constructor(shim: Shim, clock: Pick<Clock, "uptime">, onTrouble: (namespace: DiagNamespace, what: string) => void) {
    this.#shim = shim;
    this.#clock = clock;
    this.#onTrouble = onTrouble;
    this.#memory = makeReceiveBatch(shim.layout, SLOTS, DUMP_BYTES);
    this.#reader = new DiagReader(this.#memory.bytes);
  }

  /**
   * Sets the outcome of all connections of `namespace` in `lookups`. Returns false if a dump did not end: the caller
   * must then close the socket.
   */
  ask(namespace: DiagNamespace, socket: DiagSocket, lookups: Lookups): boolean {
    const until = this.#clock.uptime() + DEADLINE;
    const families = this.#want(lookups, namespace.slot);
    const whole = families.every((family) => this.#dump(namespace, socket, lookups, family, until));
    this.#finish(namespace, lookups, whole);
    return whole;
  }

  /** Notes the connections to find. Returns the families to dump: an IPv4 connection may belong to an IPv6 socket. */
  #want(lookups: Lookups, slot: number): number[] {
    const wanted = this.#wanted;
    wanted.clear();
    this.#connections = [];
    let ipv4 = false;
    for (let i = 0; i < lookups.count; i++) {
      if (lookups.slot(i) !== slot) continue;
      const { keys, next } = wanted;
      for (let word = 0; word < 9; word++) keys[next + word] = lookups.keys[lookups.at(i) + word] as number;
      keys[next + 9] = lookups.family(i);
      ipv4 ||= lookups.family(i) === AF_INET;
      this.#connections[wanted.place()] ??= i;
    }
    return ipv4 ? [AF_INET, AF_INET6] : [AF_INET6];
  }

  /** Reads one dump. Returns false if it has not ended at `until`. */
  #dump(namespace: DiagNamespace, socket: DiagSocket, lookups: Lookups, family: number, until: number): boolean {
    const sequence = namespace.sequence;
    namespace.sequence = (sequence + 1) >>> 0;
    const request = dumpRequest(family, CONNECTED_STATES, sequence);
    this.#shim.send(socket.fd, request, Uint32Array.of(0), Uint32Array.of(request.length), 0, 1);
    while (this.#clock.uptime() < until) {
      const received = this.#shim.receive(socket.fd, this.#memory);
      if (received <= 0) return false;
      for (let slot = 0; slot < received; slot++) if (this.#read(namespace, lookups, slot, sequence)) return true;
    }
    return false;
  }

  /** Reads one datagram. Returns true at the end of the dump. */
  #read(namespace: DiagNamespace, lookups: Lookups, slot: number, sequence: number): boolean {
    const { layout } = this.#shim;
    const { words } = this.#memory;
    const reader = this.#reader;
    const at = slot * layout.slotWords;
    reader.begin(words[at + layout.offset] as number, words[at + layout.length] as number);
    while (reader.next()) {
      if (reader.sequence !== sequence) continue;
      if (reader.kind === DiagAnswer.socket) this.#take(namespace, lookups);
      else if (reader.kind === DiagAnswer.damaged || isTrouble(reader)) this.#onTrouble(namespace, troubleOf(reader));
      if (reader.kind === DiagAnswer.done || reader.kind === DiagAnswer.error) return true;
    }
    return false;
  }

  #take(namespace: DiagNamespace, lookups: Lookups): void {
    const reader = this.#reader;
    if (reader.infoLength === 0) return;
    const { keys, next } = this.#wanted;
    keys[next + 9] = takeConnection(reader, keys, next);
    const connection = this.#connections[this.#wanted.find()];
    if (connection === undefined || lookups.outcome[connection] !== Outcome.pending) return;
    lookups.hit(connection, reader.words, reader.infoAt, reader.infoLength);
    namespace.counts.hits++;
  }

  /** Sets the outcome of the other connections to not found. After an incomplete dump, counts them as `deadline`. */
  #finish({ counts }: DiagNamespace, lookups: Lookups, whole: boolean): void {
    for (const connection of this.#connections) {
      counts.lookups++;
      if (lookups.outcome[connection] !== Outcome.pending) continue;
      lookups.outcome[connection] = Outcome.notFound;
      if (whole) counts.notFound++;
      else counts.deadline++;
    }
  }
}

const isTrouble = (reader: DiagReader): boolean => reader.kind === DiagAnswer.error && reader.errno !== -Errno.noEntry;
