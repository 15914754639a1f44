// Encodes the rtmetric and rtflow samples of InMon, and keeps them within a datagram.

import type { Cursor } from "../xdr/cursor.ts";
import { string } from "../xdr/type.ts";
import type { CustomSamples } from "./agent.ts";
import type { AgentCounters } from "./counters.ts";
import { type CustomField, customFlowTypes, type FieldType, metricTypes } from "./custom-types.ts";
import { dataFormat } from "./data-format.ts";
import type { Receiver } from "./receiver.ts";
import type { Scratch } from "./scratch.ts";

const INMON = 4300;
export const METRICS_SAMPLE = dataFormat(INMON, 1002);
export const CUSTOM_FLOW_SAMPLE = dataFormat(INMON, 1003);

const ITEM_BYTES = 8;
const text = string();

function putField(cursor: Cursor, types: readonly FieldType[], { name, type, value }: CustomField): void {
  text.put(cursor, name);
  cursor.putUint32(type);
  types[type]?.codec.put(cursor, value);
}

interface CustomParts {
  readonly receiver: Pick<Receiver, "room" | "suppressed" | "place">;
  readonly scratch: Scratch;
  readonly counters: AgentCounters;
}

/** Writes samples of InMon. The values of all fields must fit their types. */
export class CustomWriter implements CustomSamples {
  readonly #parts: CustomParts;
  readonly #cursor: Cursor;

  constructor(parts: CustomParts) {
    this.#parts = parts;
    this.#cursor = parts.scratch.cursor;
  }

  writeMetrics(dataSource: string, fields: readonly CustomField[]): number {
    if (this.#isSuppressed()) return 0;
    let countAt = this.#putHead(dataSource);
    let [count, leftOut] = [0, 0];
    for (const field of fields) {
      if (this.#append(metricTypes, field)) {
        count++;
        continue;
      }
      if (count > 0) this.#send(METRICS_SAMPLE, countAt, count);
      countAt = this.#putHead(dataSource);
      count = this.#append(metricTypes, field) ? 1 : 0;
      if (count === 0) leftOut++;
    }
    if (count > 0) this.#send(METRICS_SAMPLE, countAt, count);
    return leftOut;
  }

  writeFlow(dataSource: string, samplingRate: number, fields: readonly CustomField[]): number {
    if (this.#isSuppressed()) return 0;
    // The word between sampling rate and count is reserved, and 0 as in hsflowd.
    const countAt = this.#putHead(dataSource, samplingRate, 0);
    const fitting = fields.filter((field) => this.#append(customFlowTypes, field));
    if (fitting.length > 0) this.#send(CUSTOM_FLOW_SAMPLE, countAt, fitting.length);
    return fields.length - fitting.length;
  }

  #isSuppressed(): boolean {
    const { receiver, counters } = this.#parts;
    if (receiver.suppressed) counters.customSamplesSuppressed++;
    return receiver.suppressed;
  }

  /** Writes the head, and returns the offset of its last word, the number of fields. */
  #putHead(dataSource: string, ...words: readonly number[]): number {
    const cursor = this.#cursor;
    cursor.at = 0;
    text.put(cursor, dataSource);
    for (const word of [...words, 0]) cursor.putUint32(word);
    return cursor.at - 4;
  }

  /** Writes a field after the others. Returns false and leaves it out if the datagram has no room. */
  #append(types: readonly FieldType[], field: CustomField): boolean {
    const start = this.#cursor.at;
    putField(this.#cursor, types, field);
    if (ITEM_BYTES + this.#cursor.at <= this.#parts.receiver.room) return true;
    this.#cursor.at = start;
    return false;
  }

  #send(format: number, countAt: number, count: number): void {
    const { at, bytes, view } = this.#cursor;
    view.setUint32(countAt, count);
    const to = this.#parts.receiver.place(ITEM_BYTES + at);
    to.putUint32(format);
    to.putUint32(at);
    to.putFixed(bytes.subarray(0, at));
    this.#parts.counters.customSamples++;
  }
}
