// Splits the bytes of a named pipe into messages. A message is one object of JSON. It ends with its last brace, so that
// a newline after it is allowed but not required, as in hsflowd.

const [QUOTE, BACKSLASH, OPEN, CLOSE, NEWLINE] = [0x22, 0x5c, 0x7b, 0x7d, 0x0a];

export interface PipeListener {
  onMessage(bytes: Uint8Array): void;
  /** A message was longer than the limit. Called once for it. */
  onTooLong(): void;
  /** A message ended in its middle: its sender stopped, or another message began on a new line. */
  onCut(): void;
  /** Bytes between messages that are neither a message nor white space, up to the next newline or brace. */
  onNoise(bytes: Uint8Array): void;
}

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

export class PipeMessages {
  readonly #listener: PipeListener;
  /** The message that has begun, up to `#length`. */
  readonly #bytes: Uint8Array;
  #length = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #newline = false;
  /** True until the end of a message that is too long. */
  #skipping = false;

  constructor(limit: number, listener: PipeListener) {
    this.#bytes = new Uint8Array(limit);
    this.#listener = listener;
  }

  take(bytes: Uint8Array): void {
    for (const byte of bytes) this.#takeByte(byte);
  }

  /** To be called when the last sender has closed the pipe. */
  end(): void {
    this.#finish();
  }

  #takeByte(byte: number): void {
    // A line that begins with a brace begins a message. So a broken one costs no other than itself.
    const begins = byte === OPEN && (this.#newline || (this.#depth === 0 && !this.#inString));
    this.#newline = byte === NEWLINE;
    if (begins) this.#finish();
    if (this.#depth === 0 && !begins && !this.#skipping) {
      this.#takeNoise(byte);
      return;
    }
    this.#keep(byte);
    if (this.#follow(byte) && this.#depth === 0) this.#complete();
  }

  /** Follows strings and braces. Returns true for a closing brace. */
  #follow(byte: number): boolean {
    if (this.#escaped) this.#escaped = false;
    else if (this.#inString) {
      if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
    } else if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN) this.#depth++;
    else if (byte === CLOSE && this.#depth > 0) {
      this.#depth--;
      return true;
    }
    return false;
  }

  #keep(byte: number): void {
    if (this.#skipping) return;
    if (this.#length === this.#bytes.length) {
      this.#skipping = true;
      this.#listener.onTooLong();
    } else this.#bytes[this.#length++] = byte;
  }

  #takeNoise(byte: number): void {
    if (byte === NEWLINE) this.#finish();
    else if (this.#length > 0 || !isSpace(byte)) this.#keep(byte);
  }

  #complete(): void {
    const { length } = this.#reset();
    if (length > 0) this.#listener.onMessage(this.#bytes.subarray(0, length));
  }

  /** Ends what has begun, whether it is a message or noise. */
  #finish(): void {
    const { length, depth } = this.#reset();
    if (length === 0) return;
    if (depth > 0) this.#listener.onCut();
    else this.#listener.onNoise(this.#bytes.subarray(0, length));
  }

  /** Returns what has begun; nothing if it is too long, because that was reported. */
  #reset(): { readonly length: number; readonly depth: number } {
    const begun = { length: this.#skipping ? 0 : this.#length, depth: this.#depth };
    this.#length = 0;
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#skipping = false;
    return begun;
  }
}
