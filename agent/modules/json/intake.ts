// Takes messages: sends what is in each, or counts and logs why it is refused.

import type { LimitedLogger } from "../../log/limit.ts";
import type { CustomSamples } from "../../sflow/agent.ts";
import type { Applications } from "./applications.ts";
import { type JsonObject, parseDocument } from "./document.ts";
import { FAULT_KINDS, Fault, type FaultKind } from "./fault.ts";
import { type Message, readMessage, senderOf } from "./message.ts";

/** Decodes UTF-8. Bytes that are not UTF-8 become replacement characters, because paths and URLs may have any bytes. */
const textOf = ({ buffer, byteOffset, length }: Uint8Array, from: number): string =>
  Buffer.from(buffer, byteOffset + from, length - from).toString();

const [LESS, BRACE] = [0x3c, 0x7b];

/** Returns the offset of the message after the header of syslog, with which web servers send. See RFC 3164. */
const headerBytes = (bytes: Uint8Array): number => (bytes[0] === LESS ? Math.max(0, bytes.indexOf(BRACE)) : 0);

export interface IntakeParts {
  readonly applications: Applications;
  readonly custom: CustomSamples;
  readonly uptime: () => number;
  readonly log: LimitedLogger;
}

export class Intake {
  readonly #parts: IntakeParts;
  readonly #taken = { messages: 0, flowSamples: 0, counterSamples: 0, metrics: 0, flows: 0, fieldsLeftOut: 0 };
  readonly #refused = new Map<FaultKind, number>(FAULT_KINDS.map((kind) => [kind, 0]));

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  get counters(): Readonly<Record<string, number>> {
    const refused = [...this.#refused].map(([kind, count]) => [`refused${kind}`, count] as const);
    return { ...this.#taken, ...Object.fromEntries(refused) };
  }

  /** `input` names where the message came from, for the log. */
  take(bytes: Uint8Array, input: string): void {
    let document: JsonObject | undefined;
    this.#taken.messages++;
    try {
      document = parseDocument(textOf(bytes, headerBytes(bytes)));
      this.#send(readMessage(document));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.refuse(error, input, document && senderOf(document));
    }
  }

  /** Counts a message that is refused. Logs the first of its kind, and then one a minute. */
  refuse({ kind, place, message }: Fault, input: string, sender?: string): void {
    this.#refused.set(kind, (this.#refused.get(kind) ?? 0) + 1);
    this.#parts.log.warn(kind, () => {
      const from = sender === undefined ? "" : ` from ${JSON.stringify(sender.slice(0, 64))}`;
      return `${input}: message${from} refused: ${place === "" ? "" : `${place}: `}${message}`;
    });
  }

  /** In the order of hsflowd. The applications are found first, so that a message is taken as a whole or not at all. */
  #send({ flow_sample: flow, counter_sample: counters, rtmetric: metrics, rtflow: customFlow }: Message): void {
    const { applications, custom, uptime } = this.#parts;
    const [ofFlow, ofCounters] = [flow && applications.find(flow), counters && applications.find(counters)];
    if (flow !== undefined) {
      ofFlow?.takeFlow(flow);
      this.#taken.flowSamples++;
    }
    if (counters !== undefined) {
      ofCounters?.takeCounters(counters, uptime());
      this.#taken.counterSamples++;
    }
    if (metrics !== undefined) {
      this.#taken.fieldsLeftOut += custom.writeMetrics(metrics.dataSource, metrics.fields);
      this.#taken.metrics++;
    }
    if (customFlow !== undefined) {
      const { dataSource, samplingRate, fields } = customFlow;
      this.#taken.fieldsLeftOut += custom.writeFlow(dataSource, samplingRate, fields);
      this.#taken.flows++;
    }
  }
}
