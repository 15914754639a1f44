// Divides an answer of the engine into JSON documents as it arrives: lines of a stream, or elements of a list. So the
// memory and the time for an answer do not depend on its length.

import { StringDecoder } from "node:string_decoder";
import type { WorkQueue } from "../../host/work-queue.ts";
import { Structure } from "./structure.ts";

export type Body = AsyncIterable<Uint8Array>;

/** Returns the documents that the next part of a text completes. A part may end anywhere in a document. */
export type Split = (part: string) => readonly string[];

/** Characters of the longest document. A container with 10,000 published ports has documents of 2 MiB. */
const LIMIT = 1 << 22;

/** Collects a document that arrives in parts. */
class Pending {
  readonly #onBad: (text: string) => void;
  readonly #limit: number;
  #text = "";
  #skipping = false;

  constructor(onBad: (text: string) => void, limit: number) {
    this.#onBad = onBad;
    this.#limit = limit;
  }

  /** Adds text whose document goes on. A document that becomes too long is passed to `onBad` once. */
  add(text: string): void {
    if (!this.#skipping) this.#text += text;
    if (this.#text.length <= this.#limit) return;
    this.#onBad(this.#text);
    this.#skipping = true;
    this.#text = "";
  }

  /** Returns the document that ends with this text; none if it is blank or too long. */
  end(text: string): readonly string[] {
    this.add(text);
    const document = this.#text.trim();
    this.#text = "";
    this.#skipping = false;
    return document === "" ? [] : [document];
  }
}

/** Splits a stream with one document a line. */
export function splitLines(onBad: (text: string) => void, limit = LIMIT): Split {
  const pending = new Pending(onBad, limit);
  return (part) => {
    const lines = part.split("\n");
    const rest = lines.pop() ?? "";
    const documents = lines.flatMap((line) => pending.end(line));
    pending.add(rest);
    return documents;
  };
}

/** Splits a JSON array into its elements. */
export class ElementSplitter {
  readonly #pending: Pending;
  readonly #structure = new Structure();
  #begun = false;
  #complete = false;

  constructor(onBad: (text: string) => void, limit = LIMIT) {
    this.#pending = new Pending(onBad, limit);
  }

  /** True after the end of the array. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Throws if the text is not an array. */
  split(part: string): readonly string[] {
    const documents: string[] = [];
    if (!this.#begun && !/^\s*(\[|$)/.test(part)) throw new Error("the engine's answer is not a list of containers");
    let start = 0;
    for (let i = 0; i < part.length && !this.#complete; i++) {
      if (!this.#structure.isBoundary(part.charCodeAt(i))) continue;
      if (this.#begun) documents.push(...this.#pending.end(part.slice(start, i)));
      this.#begun = true;
      this.#complete = this.#structure.depth === 0;
      start = i + 1;
    }
    if (this.#begun && !this.#complete) this.#pending.add(part.slice(start));
    return documents;
  }
}

/**
 * Yields the documents of a body. Ends the turn of the event loop when the slice of this turn is used up. Rejects if
 * the body is longer than `limit` characters.
 */
export async function* documentsOf(
  body: Body,
  split: Split,
  queue: WorkQueue,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<string> {
  let size = 0;
  for await (const part of textOf(body)) {
    size += part.length;
    if (size > limit) throw new Error(`the engine's answer is longer than ${limit / 1024} KiB`);
    for (const document of split(part)) {
      yield document;
      const turn = queue.next();
      if (turn !== undefined) await turn;
    }
    const turn = queue.next();
    if (turn !== undefined) await turn;
  }
}

/** Characters that are split without a look at the time. */
const PIECE = 8192;

async function* textOf(body: Body): AsyncGenerator<string> {
  const decoder = new StringDecoder();
  for await (const bytes of body) {
    const text = decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
  }
}

/** Rejects if the text is longer than a document may be. */
export async function readText(body: Body, limit = LIMIT): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of body) {
    size += bytes.length;
    if (size > limit) throw new Error(`the engine's answer is longer than ${limit / 1024} KiB`);
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString();
}
