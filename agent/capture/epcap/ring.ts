// Reads the records in a ring that BPF programs fill. See the kernel's Documentation/bpf/ringbuf.rst.

import type { Shim } from "../../../native-shim/shim.ts";
import { createRing } from "./kernel.ts";

/** The first half word of the header of a record, besides the length. */
const BUSY = 2 ** 31;
const DISCARDED = 2 ** 30;
const LENGTH = DISCARDED - 1;
const HEADER_BYTES = 8;
/** Page sizes of Linux. */
const LEAST_PAGE = 4096;
const MOST_PAGE = 65_536;

/**
 * A ring of records in order of reservation. The kernel writes positions and records; the agent writes only how far it
 * has read. The records are mapped twice in a row, so that none is cut at the end of the ring.
 */
export class Ring {
  readonly fd: number;
  /** The records, which must not be written: the memory is read-only. */
  readonly bytes: Uint8Array;
  readonly #sockets: Pick<Shim, "unmap" | "close">;
  readonly #memory: readonly ArrayBuffer[];
  readonly #words: Int32Array;
  readonly #produced: Int32Array;
  readonly #consumed: BigInt64Array;
  readonly #mask: number;
  readonly #firstByte: number;
  #position = 0;

  /** `ringBytes` is a power of two. Throws ShimError. */
  constructor(sockets: Pick<Shim, "bpf" | "map" | "unmap" | "close">, ringBytes: number) {
    this.#sockets = sockets;
    this.#mask = ringBytes - 1;
    this.fd = createRing(sockets, ringBytes);
    try {
      const page = sockets.map(this.fd, LEAST_PAGE);
      const [pageBytes, shared] = mapProduced(sockets, this.fd, ringBytes);
      this.#memory = [page, shared];
      this.#consumed = new BigInt64Array(page, 0, 1);
      this.#produced = new Int32Array(shared, 0, 1);
      this.#words = new Int32Array(shared);
      this.bytes = new Uint8Array(shared);
      this.#firstByte = pageBytes;
    } catch (error) {
      sockets.close(this.fd);
      throw error;
    }
  }

  /** Octets that the kernel has filled and the agent has not read. */
  get waiting(): number {
    return (Atomics.load(this.#produced, 0) - this.#position) >>> 0;
  }

  /**
   * Calls `onRecord` for each record that is complete, with its offset in `bytes`. Stops at a record that a processor
   * is still filling. The records belong to the reader until `release`.
   */
  read(onRecord: (at: number) => void): void {
    for (let left = this.waiting; left > 0; ) {
      const at = this.#firstByte + (this.#position & this.#mask);
      const header = Atomics.load(this.#words, at >>> 2) >>> 0;
      if (header >= BUSY) return;
      const length = ((header & LENGTH) + HEADER_BYTES + 7) & ~7;
      this.#position += length;
      left -= length;
      if ((header & DISCARDED) === 0) onRecord(at + HEADER_BYTES);
    }
  }

  /** Returns the records that were read to the kernel. */
  release(): void {
    Atomics.store(this.#consumed, 0, BigInt(this.#position));
  }

  close(): void {
    for (const memory of this.#memory) this.#sockets.unmap(memory);
    this.#sockets.close(this.fd);
  }
}

/**
 * Maps the page with the kernel's position, and twice the records, behind the agent's page. Returns the page size too,
 * which is the first at which the kernel accepts the offset.
 */
function mapProduced(sockets: Pick<Shim, "map">, fd: number, ringBytes: number): [number, ArrayBuffer] {
  let pageBytes = LEAST_PAGE;
  for (;;) {
    try {
      return [pageBytes, sockets.map(fd, pageBytes + 2 * ringBytes, pageBytes, false)];
    } catch (error) {
      if ((error as { code?: string }).code !== "EINVAL" || pageBytes === MOST_PAGE) throw error;
      pageBytes *= 2;
    }
  }
}
