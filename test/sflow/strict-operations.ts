// A strict reader of samples of applications, written from sFlow v5, section 5, and from sflowtool for the formats of
// InMon. It shares nothing with the agent's encoder and decoder.

export interface StrictField {
  readonly name: string;
  readonly type: number;
  /** The value as it is on the wire, in hex; a string without its length and padding. */
  readonly value: string;
}

export type StrictSample =
  | {
      readonly kind: "flow" | "counters";
      readonly sequence: number;
      readonly source: string;
      /** Sampling rate, pool, drops, and format and value of input and output; empty for counters. */
      readonly words: readonly number[];
      /** The bodies in hex, by number. */
      readonly records: readonly (readonly [number: number, body: string])[];
    }
  | {
      readonly kind: "rtmetric" | "rtflow";
      readonly dataSource: string;
      /** Sampling rate and the reserved word; empty for metrics. */
      readonly words: readonly number[];
      readonly fields: readonly StrictField[];
    };

const TEXT = -1;
/** Bytes of each type of field. */
const RTMETRIC = [TEXT, 4, 8, 4, 8, 4, 8];
const RTFLOW = [TEXT, 6, 4, 16, 4, 8, 4, 8];
const INMON = 4300;

class StrictReader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(payload: Uint8Array) {
    this.#bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  expect(holds: boolean, what: string): void {
    if (!holds) throw new Error(`byte ${this.at}: ${what}`);
  }

  word(): number {
    this.at += 4;
    return this.#bytes.readUInt32BE(this.at - 4);
  }

  words = (count: number): number[] => Array.from({ length: count }, () => this.word());

  /** Takes bytes and their padding, which must be zero. */
  take(length: number): Buffer {
    this.expect(length <= this.left, `${length} bytes`);
    const taken = this.#bytes.subarray(this.at, this.at + length);
    const end = this.at + ((length + 3) & ~3);
    this.expect(end <= this.#bytes.length, "padding");
    this.expect(
      this.#bytes.subarray(this.at + length, end).every((byte) => byte === 0),
      "padding of zeros",
    );
    this.at = end;
    return taken;
  }

  text(most: number): string {
    const bytes = this.take(this.word());
    this.expect(bytes.length <= most, `a string of ${bytes.length} bytes`);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  }
}

function readFields(reader: StrictReader, types: readonly number[]): StrictField[] {
  const count = reader.word();
  reader.expect(count > 0, "at least one field");
  return Array.from({ length: count }, () => {
    const name = reader.text(64);
    const type = reader.word();
    const bytes = types[type] ?? Number.NaN;
    reader.expect(bytes === TEXT || bytes > 0, `type ${type}`);
    const value = bytes === TEXT ? reader.text(255) : reader.take(bytes).toString("hex");
    return { name, type, value };
  });
}

function readSample(reader: StrictReader): StrictSample {
  const [format = 0, length = 0] = reader.words(2);
  const end = reader.at + length;
  reader.expect(length % 4 === 0, `a sample of ${length} bytes`);
  const sample = readBody(reader, format);
  reader.expect(reader.at === end, `sample ends at ${end}`);
  return sample;
}

function readBody(reader: StrictReader, format: number): StrictSample {
  if (format === INMON * 4096 + 1002)
    return { kind: "rtmetric", dataSource: reader.text(64), words: [], fields: readFields(reader, RTMETRIC) };
  if (format === INMON * 4096 + 1003)
    return { kind: "rtflow", dataSource: reader.text(64), words: reader.words(2), fields: readFields(reader, RTFLOW) };
  reader.expect(format === 3 || format === 4, `sample format ${format}`);
  const [sequence = 0, kind, index] = reader.words(3);
  const words = reader.words(format === 3 ? 7 : 0);
  const records = Array.from({ length: reader.word() }, () => {
    const [number = 0, bytes = 0] = reader.words(2);
    reader.expect(bytes % 4 === 0, `record ${number} of ${bytes} bytes`);
    return [number, reader.take(bytes).toString("hex")] as const;
  });
  return { kind: format === 3 ? "flow" : "counters", sequence, source: `${kind}:${index}`, words, records };
}

/** Throws an Error if a byte is missing, left over, or not as the specification says. */
export function readStrictly(payload: Uint8Array): StrictSample[] {
  const reader = new StrictReader(payload);
  reader.expect(reader.word() === 5, "version 5");
  reader.words(reader.word() === 1 ? 1 : 4);
  reader.words(3);
  const samples = Array.from({ length: reader.word() }, () => readSample(reader));
  reader.expect(reader.left === 0, "the datagram goes on");
  return samples;
}
