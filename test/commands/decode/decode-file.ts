// Decodes a file as `hsflowd decode` does, from pieces to the exit code.

import { readInput } from "../../../agent/commands/decode/input.ts";
import { Session } from "../../../agent/commands/decode/session.ts";
import { pieces } from "../../fakes/pieces.ts";
import { type Bytes, datagram } from "../../sflow/build.ts";

/** Decodes a file in pieces. Returns the sequence numbers of its datagrams, the complaints and the exit code. */
export async function decode(bytes: Bytes, size = 100) {
  const [numbers, errors]: [number[], string[]] = [[], []];
  const session = new Session(
    { format: "json", names: false },
    {
      out: (chunk) => {
        for (const line of Buffer.from(chunk).toString().trimEnd().split("\n"))
          numbers.push((JSON.parse(line) as { packetSequenceNo: number }).packetSequenceNo);
      },
      complain: (text) => void errors.push(text.trimEnd()),
    },
  );
  const nothing = await readInput(pieces(bytes, size), 6343, session, new AbortController().signal);
  return { code: session.finish(nothing), numbers, errors };
}

/** A datagram of the number, at as many seconds. */
export const numbered = (sequence: number): Bytes => datagram([], { sequence, uptime: 1000 * sequence });
