// Sends requests about the connections of a batch in one namespace, and reads the kernel's answers. See sock_diag(7).

import { makeReceiveBatch } from "../../../native-shim/batch.ts";
import type { ReceiveBatch, Shim } from "../../../native-shim/shim.ts";
import { type DiagRequests, makeDiagRequests, putDiagRequest, REQUEST_BYTES } from "../../netlink/inet-diag.ts";
import { DiagReader } from "../../netlink/inet-diag-answer.ts";
import { Errno } from "../../sockets/errno.ts";
import type { DiagNamespace } from "./diag-namespaces.ts";
import { ANSWER_BYTES, type DiagSocket, MAX_BURST } from "./diag-socket.ts";
import type { Lookups } from "./lookups.ts";
import { Outcome, outcomeOf, troubleOf } from "./outcome.ts";

/** Number of answers read with one system call, each into a buffer of its own. */
const SLOTS = 64;

/** The functions that Exchange calls. */
export interface ExchangeEvents {
  /** Called if request `index` of `requests` has no answer yet. `requests` is reused after the call returns. */
  onUnanswered(namespace: DiagNamespace, connection: number, requests: DiagRequests, index: number): void;
  /** Called for an answer that belongs to a request of an earlier batch, or to no request. */
  onStray(namespace: DiagNamespace, reader: DiagReader): void;
  /** Called for an answer that is malformed, or an error other than "not found". */
  onTrouble(namespace: DiagNamespace, what: string): void;
}

/** Looks up connections by one request each. Sends many requests in one message. */
export class Exchange {
  readonly #shim: Shim;
  readonly #events: ExchangeEvents;
  readonly #requests = makeDiagRequests(MAX_BURST);
  readonly #memory: ReceiveBatch;
  /** `#memory` with only as many buffers as answers are expected. This saves a last system call that finds nothing. */
  readonly #expected: { -readonly [K in keyof ReceiveBatch]: ReceiveBatch[K] };
  readonly #reader: DiagReader;
  readonly #offsets = new Uint32Array(1);
  readonly #lengths = new Uint32Array(1);
  /** The message that is being answered: the index in `lookups` of the connection of each request. */
  readonly #asked = new Uint32Array(MAX_BURST);
  /** Number of requests in the message. */
  #count = 0;
  /** Sequence number of the first request in the message. */
  #first = 0;
  /** Number of requests in the message without an answer. */
  #waiting = 0;
  #lookups: Lookups | undefined;

  constructor(shim: Shim, events: ExchangeEvents) {
    this.#shim = shim;
    this.#events = events;
    this.#memory = makeReceiveBatch(shim.layout, SLOTS, ANSWER_BYTES);
    this.#expected = { ...this.#memory };
    this.#reader = new DiagReader(this.#memory.bytes);
  }

  /** Sets the outcome of the connections of `namespace` in `lookups`. Without an answer at once, it stays pending. */
  ask(namespace: DiagNamespace, socket: DiagSocket, lookups: Lookups): void {
    this.#lookups = lookups;
    for (let i = 0; i < lookups.count; i++) {
      if (lookups.slot(i) !== namespace.slot) continue;
      this.#put(namespace, lookups, i);
      if (this.#count === socket.burst) this.#exchange(namespace, socket, lookups);
    }
    if (this.#count > 0) this.#exchange(namespace, socket, lookups);
    this.#lookups = undefined;
  }

  /** Reads answers that arrived late. */
  drain(namespace: DiagNamespace, socket: DiagSocket): void {
    this.#receive(namespace, socket);
  }

  #put(namespace: DiagNamespace, lookups: Lookups, connection: number): void {
    const sequence = (namespace.sequence + this.#count) >>> 0;
    const device = lookups.interfaceIndex(connection);
    const at = lookups.at(connection);
    putDiagRequest(this.#requests, this.#count, sequence, lookups.family(connection), device, lookups.keys, at);
    this.#asked[this.#count++] = connection;
  }

  #exchange(namespace: DiagNamespace, socket: DiagSocket, lookups: Lookups): void {
    this.#first = namespace.sequence;
    this.#waiting = this.#count;
    namespace.sequence = (this.#first + this.#count) >>> 0;
    namespace.counts.lookups += this.#count;
    this.#lengths[0] = this.#count * REQUEST_BYTES;
    const sent = this.#shim.send(socket.fd, this.#requests.bytes, this.#offsets, this.#lengths, 0, 1);
    if (sent < 0) this.#events.onTrouble(namespace, `the request cannot be sent, errno ${-sent}`);
    const mayCome = sent === 1 && this.#receive(namespace, socket);
    if (this.#waiting > 0) this.#giveUp(namespace, lookups, mayCome);
    this.#count = 0;
  }

  /** Reads until nothing is left. Returns false if the kernel dropped an answer because the receive buffer was full. */
  #receive(namespace: DiagNamespace, socket: DiagSocket): boolean {
    let whole = true;
    do {
      this.#expected.slots = this.#waiting === 0 ? SLOTS : Math.min(SLOTS, this.#waiting);
      const received = this.#shim.receive(socket.fd, this.#expected);
      if (received === Errno.noBuffers && whole) {
        whole = false;
        this.#events.onTrouble(namespace, "the receive buffer is full, answers were lost");
      } else if (received <= 0) {
        return whole;
      }
      for (let slot = 0; slot < received; slot++) this.#read(namespace, slot);
    } while (this.#waiting > 0 || this.#count === 0);
    return whole;
  }

  #read(namespace: DiagNamespace, slot: number): void {
    const { layout } = this.#shim;
    const { words } = this.#memory;
    const at = slot * layout.slotWords;
    this.#reader.begin(words[at + layout.offset] as number, words[at + layout.length] as number);
    while (this.#reader.next()) this.#accept(namespace);
  }

  #accept(namespace: DiagNamespace): void {
    const lookups = this.#lookups;
    const index = (this.#reader.sequence - this.#first) >>> 0;
    const connection = this.#asked[index] as number;
    if (index < this.#count && lookups !== undefined && lookups.outcome[connection] === Outcome.pending) {
      this.#waiting--;
      this.#settle(namespace, lookups, index, connection);
    } else {
      this.#events.onStray(namespace, this.#reader);
    }
  }

  #settle(namespace: DiagNamespace, lookups: Lookups, index: number, connection: number): void {
    const reader = this.#reader;
    const { counts } = namespace;
    const outcome = outcomeOf(reader, this.#requests, index);
    lookups.outcome[connection] = outcome;
    if (outcome === Outcome.hit) {
      counts.hits++;
      lookups.hit(connection, reader.words, reader.infoAt, reader.infoLength);
    } else if (outcome === Outcome.notFound) {
      counts.notFound++;
    } else {
      counts.errors++;
      this.#events.onTrouble(namespace, troubleOf(reader));
    }
  }

  #giveUp(namespace: DiagNamespace, lookups: Lookups, mayCome: boolean): void {
    for (let index = 0; index < this.#count; index++) {
      const connection = this.#asked[index] as number;
      if (lookups.outcome[connection] !== Outcome.pending) continue;
      if (mayCome) {
        this.#events.onUnanswered(namespace, connection, this.#requests, index);
      } else {
        lookups.outcome[connection] = Outcome.error;
        namespace.counts.errors++;
      }
    }
  }
}
