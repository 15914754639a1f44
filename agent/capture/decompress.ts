// Decompresses an input that is compressed with gzip, as it arrives. See RFC 1952.

import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { CaptureFileError } from "./capture-reader.ts";

export type Pieces = AsyncIterable<Uint8Array>;

/** Compressions by the first bytes of a file, with the command that decompresses it. */
const OTHERS: readonly (readonly [head: string, name: string, command: string])[] = [
  ["28b52ffd", "zstd", "zstdcat"],
  ["fd377a585a00", "xz", "xzcat"],
  ["425a68", "bzip2", "bzcat"],
  ["04224d18", "lz4", "lz4cat"],
];
const HEAD_BYTES = 6;

/** Returns the first bytes of an input, at least `length` if it has as many, and the whole input. */
export async function lookAhead(input: Pieces, length: number): Promise<{ head: Uint8Array; whole: Pieces }> {
  const pieces = input[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  for (let have = 0; have < length; have = parts.reduce((sum, part) => sum + part.length, 0)) {
    const { done, value } = await pieces.next();
    if (done === true) break;
    parts.push(value);
  }
  const head = new Uint8Array(Buffer.concat(parts));
  return { head, whole: after(head, pieces) };
}

async function* after(head: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) return;
      yield value;
    }
  } finally {
    await pieces.return?.();
  }
}

/**
 * Returns the input decompressed, or as it is if it is not compressed. Throws a CaptureFileError for another
 * compression, and while the input is read, if it is damaged.
 */
export async function decompressed(input: Pieces): Promise<Pieces> {
  const { head, whole } = await lookAhead(input, HEAD_BYTES);
  if (head[0] === 0x1f && head[1] === 0x8b) return gunzip(whole);
  const start = Buffer.from(head).toString("hex");
  const other = OTHERS.find(([magic]) => start.startsWith(magic));
  if (other === undefined) return whole;
  const [, name, command] = other;
  throw new CaptureFileError(`compressed with ${name}: decompress it first, with ${command}`);
}

async function* gunzip(input: Pieces): AsyncGenerator<Uint8Array> {
  const output = createGunzip();
  pipeline(input, output, () => undefined);
  try {
    yield* output;
  } catch (error) {
    throw new CaptureFileError(`gzip: ${(error as Error).message}`);
  }
}
