// Reduces a message of a name server to what can be decoded in milliseconds. Names are compressed by pointers into the
// message, so 64 KiB can hold five thousand records with names of 255 bytes each. See RFC 1035, section 4.1.4.

const HEADER_BYTES = 12;
/** Where the header has the numbers of questions, answers, authorities and additional records. */
const QUESTIONS = 4;
const ANSWERS = 6;
const AUTHORITIES = 8;
const ADDITIONAL = 10;

/** Limits of a message. Decoding takes 5 us a record, and 0.1 us a label. */
const MOST_RECORDS = 1000;
const MOST_LABELS = 30_000;
/** Labels of a name, and pointers on the way: as many as 255 bytes hold. */
const MOST_STEPS = 255;
/** What a string of a TXT record counts. */
const STRING = 4;

const [A, CNAME, SOA, TXT, AAAA, SRV] = [1, 5, 6, 16, 28, 33];
/** A type for private use, whose data is not decoded. See RFC 6895, section 3.1. */
const PRIVATE = 65_280;

/**
 * Walks through a message, adds up what decoding costs, and disguises records that the agent does not use. Throws
 * RangeError at the end of the message, or if it costs too much.
 */
class Walk {
  readonly #view: DataView;
  #at = HEADER_BYTES;
  #labels = 0;

  constructor(view: DataView) {
    this.#view = view;
  }

  question(): void {
    this.#at = this.#name(this.#at) + 4;
  }

  record(): void {
    const at = this.#name(this.#at);
    const type = this.#view.getUint16(at);
    const length = this.#view.getUint16(at + 8);
    const data = at + 10;
    if (type === TXT) this.#strings(data, data + length);
    else if (type === SOA) this.#name(this.#name(data));
    else if (type === SRV) this.#name(data + 6);
    else if (type === CNAME) this.#name(data);
    else if (type !== A && type !== AAAA) this.#view.setUint16(at, PRIVATE);
    this.#at = data + length;
  }

  /** Counts the labels of a name, and returns the position behind it. */
  #name(start: number): number {
    let end: number | undefined;
    let at = start;
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      const length = this.#view.getUint8(at);
      this.#count(1);
      if (length === 0) return end ?? at + 1;
      const isPointer = length >= 0xc0;
      if (isPointer) end ??= at + 2;
      at = isPointer ? this.#view.getUint16(at) & 0x3fff : at + 1 + length;
    }
    throw new RangeError("the name has no end");
  }

  #strings(start: number, end: number): void {
    for (let at = start; at < end; at += 1 + this.#view.getUint8(at)) this.#count(STRING);
  }

  #count(labels: number): void {
    this.#labels += labels;
    if (this.#labels > MOST_LABELS) throw new RangeError("the message has too many labels");
  }
}

/**
 * Returns a copy without additional records, which the agent does not use; undefined if the message is truncated or
 * takes too long to decode. The message must have a whole header.
 */
export function boundedMessage(bytes: Uint8Array): Buffer | undefined {
  const message = Buffer.from(bytes);
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const questions = view.getUint16(QUESTIONS);
  const records = view.getUint16(ANSWERS) + view.getUint16(AUTHORITIES);
  if (questions + records > MOST_RECORDS) return undefined;
  const walk = new Walk(view);
  try {
    for (let i = 0; i < questions; i++) walk.question();
    for (let i = 0; i < records; i++) walk.record();
  } catch {
    return undefined;
  }
  view.setUint16(ADDITIONAL, 0);
  return message;
}
