// Tags, counts and lengths of a datagram as sent, without the catalog's tables: where each sample and record begins
// and ends.

export interface Span {
  readonly format: number;
  /** Offset of the body. */
  readonly at: number;
  /** Length as stated in the datagram. */
  readonly length: number;
}

export interface SampleSpan extends Span {
  /** Bytes before the record count; undefined for a sample of unknown format. */
  readonly fixed: number | undefined;
  readonly announced: number;
  readonly records: readonly Span[];
  /** End of the last record, relative to the body. */
  readonly end: number;
}

export interface Layout {
  readonly version: number;
  readonly addressType: number;
  readonly headerBytes: number;
  readonly announced: number;
  readonly samples: readonly SampleSpan[];
  /** End of the last sample. */
  readonly end: number;
}

/** Bytes from the start of the body to the first record, by sample format. */
const FIXED = new Map([
  [1, 32],
  [2, 12],
  [3, 44],
  [4, 16],
  [5, 32],
]);
const ADDRESS_BYTES = [0, 4, 16];

/** Returns undefined where even the header is incomplete. */
export function layoutOf(payload: Uint8Array): Layout | undefined {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const word = (at: number): number => (at + 4 <= payload.length ? view.getUint32(at) : 0);
  const addressType = word(4);
  const headerBytes = 24 + (ADDRESS_BYTES[addressType] ?? 0);
  if (payload.length < headerBytes) return undefined;
  const announced = word(headerBytes - 4);
  const { spans, end } = spansOf(word, headerBytes, payload.length, announced);
  return {
    version: word(0),
    addressType,
    headerBytes,
    announced,
    samples: spans.map((span) => sampleOf(span, word)),
    end,
  };
}

type Word = (at: number) => number;

function spansOf(word: Word, from: number, to: number, count: number): { spans: Span[]; end: number } {
  const spans: Span[] = [];
  let at = from;
  while (spans.length < count && at + 8 <= to) {
    const length = word(at + 4);
    if (length > to - at - 8) break;
    spans.push({ format: word(at), at: at + 8, length });
    at += 8 + length + (-length & 3);
  }
  return { spans, end: Math.min(at, to) };
}

function sampleOf(span: Span, word: Word): SampleSpan {
  const fixed = FIXED.get(span.format);
  if (fixed === undefined) return { ...span, fixed, announced: 0, records: [], end: span.length };
  const announced = word(span.at + fixed - 4);
  const { spans, end } = spansOf(word, span.at + fixed, span.at + span.length, announced);
  return { ...span, fixed, announced, records: spans, end: end - span.at };
}
