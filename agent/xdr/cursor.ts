// A position in a buffer, where values are written and read in the format of XDR. See RFC 4506.

/** Thrown when the bytes end before a value does, or when a value is invalid. */
export class XdrError extends Error {
  override name = "XdrError";
  /** Offset of the value in the bytes. */
  readonly at: number;
  /** The number of bytes that the value lacks; 0 if it is not too short but invalid. */
  readonly missing: number;
  /** What was read of the value before the error; undefined if nothing. */
  part: unknown;

  constructor(message: string, at = 0, missing = 0, part?: unknown) {
    super(message);
    this.at = at;
    this.missing = missing;
    this.part = part;
  }
}

/** Returns the error, with a part of the enclosing value. Throws the error again if it is not an XdrError. */
export function withPart(error: unknown, enclose: (part: unknown) => unknown): XdrError {
  if (!(error instanceof XdrError)) throw error;
  error.part = enclose(error.part);
  return error;
}

const padding = (length: number): number => -length & 3;

/**
 * A cursor that writes (`put`) and reads (`take`). It cannot move beyond `end`, so that a nested structure is decoded
 * within its own length.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  putUint32(value: number): void {
    this.view.setUint32(this.advance(4), value);
  }

  /** Writes 64 bits, modulo 2^64. A bigint holds values that a number cannot hold exactly. */
  putUint64(value: number | bigint): void {
    const start = this.advance(8);
    if (typeof value === "bigint") {
      this.view.setBigUint64(start, value);
    } else {
      this.view.setUint32(start, Math.floor(value / 0x1_0000_0000));
      this.view.setUint32(start + 4, value % 0x1_0000_0000);
    }
  }

  putFloat(value: number): void {
    this.view.setFloat32(this.advance(4), value);
  }

  putDouble(value: number): void {
    this.view.setFloat64(this.advance(8), value);
  }

  /**
   * Writes an opaque of fixed length, which has no length word. Writes padding zeros too, because the buffer is reused.
   */
  putFixed(value: Uint8Array): void {
    const start = this.advance(value.length + padding(value.length));
    this.bytes.set(value, start);
    this.bytes.fill(0, start + value.length, this.at);
  }

  putOpaque(value: Uint8Array): void {
    this.putUint32(value.length);
    this.putFixed(value);
  }

  takeUint32(): number {
    return this.view.getUint32(this.advance(4));
  }

  takeInt32(): number {
    return this.view.getInt32(this.advance(4));
  }

  /** Reads 64 bits. Returns a number below 2^53, and a bigint from there on, which a number cannot hold exactly. */
  takeUint64(): number | bigint {
    const start = this.advance(8);
    const high = this.view.getUint32(start);
    return high < 0x20_0000 ? high * 0x1_0000_0000 + this.view.getUint32(start + 4) : this.view.getBigUint64(start);
  }

  takeFloat(): number {
    return this.view.getFloat32(this.advance(4));
  }

  takeDouble(): number {
    return this.view.getFloat64(this.advance(8));
  }

  /** Reads bytes as a copy, because decoded values outlive their datagram. Skips the padding without a check. */
  takeFixed(length: number): Uint8Array {
    const start = this.advance(length);
    this.at = Math.min(this.at + padding(length), this.end);
    return this.bytes.slice(start, start + length);
  }

  takeOpaque(): Uint8Array {
    return this.takeFixed(this.takeUint32());
  }

  private advance(length: number): number {
    const start = this.at;
    const missing = length - (this.end - start);
    if (missing > 0) throw new XdrError(`truncated, needs ${missing} more bytes`, start, missing);
    this.at = start + length;
    return start;
  }
}
