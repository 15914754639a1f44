// Decodes a datagram of any agent. Tolerates errors, and reports where they are. See sFlow v5, sections 4 and 5.

import { Cursor, XdrError } from "../xdr/cursor.ts";
import { address } from "./address.ts";
import { attempt, type Report, takeItems } from "./decode/items.ts";
import { takeSample } from "./decode/sample.ts";
import type { Datagram, Decoded, DecodedRecord, Problem } from "./decode/values.ts";
import type { CounterRecord, FlowRecord, RecordKind, RecordType } from "./record.ts";

/**
 * Decodes a datagram. Never throws: reports an unreadable part as a problem, and decodes the other parts. The length of
 * the datagram, not the counts in it, limits work and memory. All `bytes` in the result are views of the datagram.
 */
export function decodeDatagram(bytes: Uint8Array): Decoded {
  const problems: Problem[] = [];
  const report = (message: string, path = "datagram"): void => {
    problems.push({ path, message });
  };
  const datagram = attempt(() => takeDatagram(new Cursor(bytes), report), report);
  return { datagram, problems };
}

function takeDatagram(cursor: Cursor, report: Report): Datagram {
  const version = cursor.takeUint32();
  if (version !== 5) throw new XdrError(`version ${version} is not supported, only version 5`);
  return {
    agentAddress: address.take(cursor),
    subAgentId: cursor.takeUint32(),
    sequenceNumber: cursor.takeUint32(),
    uptime: cursor.takeUint32(),
    samples: takeItems(
      cursor,
      "sample",
      (body, i) => takeSample(body, (message, path = "") => report(message, `samples[${i}]${path}`)),
      report,
    ),
  };
}

/** Returns the value of the first readable record of this type. */
export function recordOf<T>(
  records: readonly DecodedRecord<FlowRecord | CounterRecord>[],
  type: RecordType<RecordKind, T>,
): T | undefined {
  for (const { content } of records) if (content?.type === type) return content.value as T;
  return undefined;
}
