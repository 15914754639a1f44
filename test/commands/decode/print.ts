// Prints datagrams as `hsflowd decode` does, without its input.

import type { Format } from "../../../agent/cli/parse-arguments.ts";
import type { Origin } from "../../../agent/commands/decode/datagram.ts";
import { Printer } from "../../../agent/commands/decode/printer.ts";

const NOWHERE: Origin = { source: undefined, seconds: undefined, microseconds: undefined };

/** Returns the lines of a datagram. */
export function print(bytes: Uint8Array, format: Format, names = false, origin = NOWHERE): string[] {
  const chunks: Uint8Array[] = [];
  const printer = new Printer({ format, names }, (chunk) => chunks.push(chunk));
  printer.print(bytes, origin);
  printer.flush();
  return Buffer.concat(chunks).toString().trimEnd().split("\n");
}
