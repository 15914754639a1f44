// Lookups that the kernel did not answer during the send call. Their batches are held for 400 ms at most.

import type { Shim, Watch } from "../../../native-shim/shim.ts";
import { addRecord } from "../../flow/add-record.ts";
import type { FlowBatch, Hold } from "../../flow/flows.ts";
import type { Clock, Timer } from "../../host/host.ts";
import { type DiagRequests, makeDiagRequests, REQUEST_BYTES } from "../../netlink/inet-diag.ts";
import type { DiagReader } from "../../netlink/inet-diag-answer.ts";
import type { DiagNamespace } from "./diag-namespaces.ts";
import { Outcome, outcomeOf } from "./outcome.ts";
import { FACTS, keepFacts, tcpRecord } from "./tcp-record.ts";

/** Milliseconds for which a sample is held at most. hsflowd waits at least as long. */
export const DEADLINE = 400;

/** A packet of a batch, and its direction at its socket. */
export interface Sample {
  readonly packet: number;
  readonly direction: number;
}

/** A batch that waits for answers of the kernel. */
interface HeldBatch {
  readonly batch: FlowBatch;
  readonly hold: Hold;
  readonly questions: Question[];
  readonly timer: Timer;
}

/** A request without an answer. `connection` is the index of the connection in the batch. */
interface Question {
  readonly namespace: DiagNamespace;
  /** Key in the map of unanswered requests: namespace and sequence number. */
  readonly key: number;
  readonly connection: number;
  readonly request: DiagRequests;
  samples: readonly Sample[];
  held: HeldBatch | undefined;
}

const keyOf = (namespace: DiagNamespace, sequence: number): number => namespace.slot * 0x1_0000_0000 + sequence;

/** Unanswered requests by namespace and sequence number, each with the batch that waits for the answer. */
export class PendingLookups {
  readonly #shim: Shim;
  readonly #clock: Pick<Clock, "after">;
  readonly #onReadable: (namespace: DiagNamespace) => void;
  readonly #open = new Map<number, Question>();
  readonly #held = new Set<HeldBatch>();
  /** Watched sockets by file descriptor, while a request is unanswered. */
  readonly #watches = new Map<number, Watch>();
  /** Unanswered requests of the current batch, until `hold` is called. */
  #kept: Question[] = [];

  constructor(shim: Shim, clock: Pick<Clock, "after">, onReadable: (namespace: DiagNamespace) => void) {
    this.#shim = shim;
    this.#clock = clock;
    this.#onReadable = onReadable;
  }

  /** Notes that request `index` of `requests` is unanswered. Call `hold` before the next batch is looked up. */
  keep(namespace: DiagNamespace, connection: number, requests: DiagRequests, index: number): void {
    const request = makeDiagRequests(1);
    request.bytes.set(requests.bytes.subarray(index * REQUEST_BYTES, (index + 1) * REQUEST_BYTES));
    const key = keyOf(namespace, request.words[2] as number);
    this.#kept.push({ namespace, key, connection, request, samples: [], held: undefined });
  }

  /** Holds the batch if it has unanswered requests. `samplesOf` returns the packets of a connection. */
  hold(batch: FlowBatch, hold: (milliseconds: number) => Hold, samplesOf: (connection: number) => Sample[]): void {
    if (this.#kept.length === 0) return;
    const questions = this.#kept;
    this.#kept = [];
    const timer = this.#clock.after(DEADLINE, () => this.#expire(held));
    const held: HeldBatch = { batch, hold: hold(DEADLINE), questions, timer };
    this.#held.add(held);
    for (const question of questions) {
      question.samples = samplesOf(question.connection);
      question.held = held;
      this.#open.set(question.key, question);
      this.#watch(question.namespace);
    }
  }

  /** Handles an answer that arrived late. Returns false if no request waits for it. */
  accept(namespace: DiagNamespace, reader: DiagReader): boolean {
    const question = this.#open.get(keyOf(namespace, reader.sequence));
    if (question?.held === undefined) return false;
    this.#open.delete(question.key);
    settle(question, question.held, reader);
    if (question.held.questions.every(({ key }) => !this.#open.has(key))) this.#end(question.held);
    return true;
  }

  /** Stops watching a socket that will be closed. The unanswered requests on this socket end at their deadline. */
  forget(fd: number): void {
    this.#watches.get(fd)?.close();
    this.#watches.delete(fd);
  }

  stop(): void {
    for (const held of [...this.#held]) this.#expire(held);
  }

  #watch(namespace: DiagNamespace): void {
    const fd = namespace.socket?.fd;
    if (fd === undefined || this.#watches.has(fd)) return;
    const watch = this.#shim.watch(fd, () => this.#onReadable(namespace));
    this.#watches.set(fd, watch);
  }

  #expire(held: HeldBatch): void {
    for (const { key, namespace } of held.questions) if (this.#open.has(key)) namespace.counts.deadline++;
    this.#end(held);
  }

  #end(held: HeldBatch): void {
    held.timer.cancel();
    this.#held.delete(held);
    for (const { key } of held.questions) this.#open.delete(key);
    held.hold.release();
    if (this.#open.size > 0) return;
    for (const fd of [...this.#watches.keys()]) this.forget(fd);
  }
}

function settle({ namespace, request, samples }: Question, { batch, hold }: HeldBatch, reader: DiagReader): void {
  const { counts } = namespace;
  const outcome = outcomeOf(reader, request, 0);
  if (outcome === Outcome.notFound) counts.notFound++;
  else if (outcome === Outcome.error) counts.errors++;
  if (outcome !== Outcome.hit) return;
  counts.hits++;
  if (hold.over) return;
  const facts = new Uint32Array(FACTS);
  keepFacts(reader.words, reader.infoAt, reader.infoLength, facts, 0);
  for (const { packet, direction } of samples) addRecord(batch.records, packet, tcpRecord(direction, facts, 0));
}
