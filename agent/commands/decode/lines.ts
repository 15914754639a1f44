// The core of `hsflowd decode`: turns the bytes of one datagram into lines, without I/O.

import type { DecodeOptions } from "../../cli/parse-arguments.ts";
import type { Datagram, Problem } from "../../sflow/decode/values.ts";
import { decodeDatagram } from "../../sflow/decode.ts";
import { jsonLine, refusedLine } from "./json.ts";
import { withNames } from "./names.ts";
import { textLines } from "./text.ts";
import { type Origin, originPairs, type Tree, treeOf } from "./tree.ts";

export type Shape = Pick<DecodeOptions, "format" | "names">;

export interface DecodedLines {
  readonly lines: readonly string[];
  readonly problems: readonly Problem[];
  /** Undefined if the header of the datagram could not be decoded. */
  readonly datagram: Datagram | undefined;
}

/**
 * Decodes a datagram and formats it. Never throws. If the header cannot be decoded, returns no lines for text, and one
 * line with the problems for JSON.
 */
export function decodeLines(bytes: Uint8Array, origin: Origin, shape: Shape): DecodedLines {
  const { datagram, problems } = decodeDatagram(bytes);
  if (datagram === undefined) {
    const lines = shape.format === "json" ? [refusedLine(originPairs(bytes.length, origin), problems)] : [];
    return { lines, problems, datagram };
  }
  const plain = treeOf(datagram, bytes.length, origin);
  const tree = shape.names ? named(plain) : plain;
  return { lines: shape.format === "json" ? [jsonLine(tree, problems)] : textLines(tree), problems, datagram };
}

const named = ({ head, samples }: Tree): Tree => ({
  head,
  samples: samples.map((sample) => ({ head: sample.head, elements: sample.elements.map(withNames) })),
});
