// A strict reader of datagrams that knows compact samples only, written from sFlow v5, section 5.

export interface CompactSample {
  readonly kind: "flow" | "counters";
  readonly sequence: number;
  readonly source: { readonly class: number; readonly index: number };
  /** Sampling rate, pool, drops, input and output; empty for counters. */
  readonly words: readonly number[];
  /** Each record by its data_format. */
  readonly records: ReadonlyMap<number, Buffer>;
}

/** Throws an Error if a byte is missing, left over, or of another kind of sample. */
export function readCompact(payload: Uint8Array): { readonly sequence: number; readonly samples: CompactSample[] } {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  let at = 0;
  const word = (): number => {
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  const expect = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(`byte ${at}: ${what}`);
  };
  const readRecords = (): Map<number, Buffer> => {
    const records = new Map<number, Buffer>();
    for (let left = word(); left > 0; left--) {
      const [format, length] = [word(), word()];
      expect(length % 4 === 0 && at + length <= bytes.length, `record ${format} of ${length} bytes`);
      records.set(format, bytes.subarray(at, at + length));
      at += length;
    }
    return records;
  };
  const readSample = (): CompactSample => {
    const [format, length] = [word(), word()];
    const end = at + length;
    expect(format === 1 || format === 2, `sample format ${format}`);
    const [sequence, source] = [word(), word()];
    const words = format === 1 ? [word(), word(), word(), word(), word()] : [];
    const records = readRecords();
    expect(at === end, `the sample ends at ${end}`);
    const kind = format === 1 ? "flow" : "counters";
    return { kind, sequence, source: { class: source >>> 24, index: source & 0xff_ffff }, words, records };
  };
  expect(word() === 5, "version 5");
  const addressWords = word() === 1 ? 1 : 4;
  for (let i = 0; i < addressWords + 1; i++) word();
  const sequence = word();
  word();
  const samples = Array.from({ length: word() }, readSample);
  expect(at === bytes.length, "the datagram goes on");
  return { sequence, samples };
}
