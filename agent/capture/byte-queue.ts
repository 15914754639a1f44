// Bytes of a file that arrive in pieces, joined so that a parser can read whole records.

export class ByteQueue {
  #bytes: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  #end = 0;
  /** True if `#bytes` is memory of the queue, which may have free space behind `#end`. */
  #isOwn = false;
  /** Number of bytes of the file before `#bytes`. */
  #before = 0;

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Offset in `bytes` of the first byte that is not taken yet. */
  get at(): number {
    return this.#at;
  }

  /** The same place, counted from the beginning of the file. */
  get position(): number {
    return this.#before + this.#at;
  }

  /** Number of bytes that have arrived and are not taken yet. */
  get left(): number {
    return this.#end - this.#at;
  }

  /** The bytes that have arrived and are not taken yet. Valid until `push`. */
  get rest(): Uint8Array {
    return this.#bytes.subarray(this.#at, this.#end);
  }

  /** Appends a piece. Copies it only if an incomplete record is left of the pieces before. */
  push(piece: Uint8Array): void {
    const { left } = this;
    if (left === 0) {
      this.#hold(piece, piece.length, false);
      return;
    }
    if (!this.#isOwn || this.#end + piece.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * left, left + piece.length));
      larger.set(this.#bytes.subarray(this.#at, this.#end));
      this.#hold(larger, left, true);
    }
    this.#bytes.set(piece, this.#end);
    this.#end += piece.length;
  }

  take(length: number): void {
    this.#at += length;
  }

  /** Reads a number at an offset from the first byte that is not taken. */
  uint16(offset: number, littleEndian: boolean): number {
    return this.#view.getUint16(this.#at + offset, littleEndian);
  }

  uint32(offset: number, littleEndian: boolean): number {
    return this.#view.getUint32(this.#at + offset, littleEndian);
  }

  #hold(bytes: Uint8Array, end: number, isOwn: boolean): void {
    this.#before += this.#at;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = 0;
    this.#end = end;
    this.#isOwn = isOwn;
  }
}
