// Prints a datagram as one line of JSON, with the nesting and keys of `sflowtool -j`. Unlike there, numbers are JSON
// numbers, and an unknown value is null.

import { showAddress } from "../../sflow/address.ts";
import type { Problem } from "../../sflow/decode/values.ts";
import type { PrintableBuffer } from "../../text/printable-buffer.ts";
import { type Json, Pairs } from "./pairs.ts";

type Members = Record<string, Json>;

/** Returns the bytes as hex digits. */
const digitsOf = (bytes: Uint8Array, at: number, length: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString("hex");

export class JsonPairs extends Pairs {
  readonly flat = false;
  readonly #out: PrintableBuffer;
  /** The members of the datagram, and of the sample and the record in it that are open. */
  #datagram: Members = {};
  #sample: Members = {};
  #samples: Members[] = [];
  #elements: Members[] = [];
  /** The object to which the next pair belongs. If a sender repeats a key, its last value is used. */
  #members: Members = {};

  constructor(out: PrintableBuffer, withNames: boolean) {
    super(withNames);
    this.#out = out;
  }

  json(key: string, value: Json): void {
    this.#members[`${this.prefix}${key}`] = value;
  }

  unknown(key: string): void {
    this.json(key, null);
  }

  word(key: string, value: string): void {
    this.json(key, value);
  }

  list<T>(key: string, items: readonly T[] | undefined, each: (item: T) => void): void {
    if (items === undefined) return;
    const outer = this.#members;
    const nested = items.map((item) => {
      this.#members = {};
      each(item);
      return this.#members;
    });
    this.#members = outer;
    this.json(key, nested);
  }

  /** Writes a number beyond 2^53 as a string, because most JSON parsers would round the number. */
  protected putNumber(key: string, value: number | bigint): void {
    const number = Number(value);
    this.json(key, Number.isSafeInteger(number) ? number : String(value));
  }

  /** Writes NaN and infinity as strings, because JSON has no such numbers. */
  protected putFloat(key: string, value: number): void {
    this.json(key, Number.isFinite(value) ? value : String(value));
  }

  protected putHex(key: string, bytes: Uint8Array, at: number, length: number): void {
    this.json(key, digitsOf(bytes, at, length));
  }

  protected putDashed(key: string, bytes: Uint8Array, at: number, length: number): void {
    const digits = digitsOf(bytes, at, length).toUpperCase();
    this.json(key, digits.replaceAll(/..(?=.)/g, "$&-"));
  }

  protected putAddress(key: string, bytes: Uint8Array, at: number, length: number): void {
    this.json(key, showAddress(bytes.subarray(at, at + length)));
  }

  startDatagram(): void {
    this.#datagram = {};
    this.#samples = [];
    this.#members = this.#datagram;
  }

  startSample(): void {
    this.#sample = {};
    this.#elements = [];
    this.#members = this.#sample;
  }

  startRecord(): void {
    this.#members = {};
  }

  endRecord(): void {
    this.#elements.push(this.#members);
  }

  endSample(): void {
    this.#samples.push({ ...this.#sample, elements: this.#elements });
  }

  /** If the header was invalid, the samples are unknown. */
  endDatagram(isWhole: boolean, problems: readonly Problem[]): void {
    const samples = isWhole ? { samples: this.#samples } : {};
    const faults = problems.length === 0 ? {} : { problems: problems.map((problem) => ({ ...problem })) };
    this.#out.text(JSON.stringify({ ...this.#datagram, ...samples, ...faults }));
    this.#out.endLine();
  }
}
