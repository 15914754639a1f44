// Reads the input of `hsflowd decode` as it arrives: a capture, datagrams in binary, or text with hex digits.

import { captureReader, MAGIC_BYTES } from "../../capture/capture-file.ts";
import { decompressed, lookAhead, type Pieces } from "../../capture/decompress.ts";
import { messageOf } from "../../log/message-of.ts";
import { CaptureInput } from "./capture-input.ts";
import { HexInput } from "./hex-input.ts";
import { RawInput } from "./raw-input.ts";
import type { Session } from "./session.ts";

/**
 * Reads the input to its end, or until `stop`. Passes each datagram to the session as soon as its bytes have arrived.
 * Returns the message if there was no datagram.
 */
export async function readInput(pieces: Pieces, port: number, session: Session, stop: AbortSignal): Promise<string> {
  let input: CaptureInput | HexInput | RawInput | undefined;
  try {
    const { head, whole } = await lookAhead(await decompressed(pieces), MAGIC_BYTES);
    if (head.length === 0) return "empty";
    input = inputOf(head, port, session);
    for await (const piece of whole) {
      input.push(piece);
      await session.flush();
      if (stop.aborted) break;
    }
  } catch (error) {
    if (!stop.aborted) session.report(messageOf(error));
  }
  return input?.end(stop.aborted) ?? "empty";
}

function inputOf(head: Uint8Array, port: number, session: Session): CaptureInput | HexInput | RawInput {
  const reader = captureReader(head);
  if (reader !== undefined) return new CaptureInput(reader, port, session);
  return isDatagram(head) ? new RawInput(session) : new HexInput(head, port, session);
}

/** Tells whether the input is datagrams in binary, not text. A datagram begins with its version, 00 00 00 05. */
const isDatagram = (head: Uint8Array): boolean => head[0] === 0 && head[1] === 0 && head[2] === 0;
