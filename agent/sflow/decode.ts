// A datagram back into values: lenient where foreign agents err, exact about where they do. sFlow v5, sections 4 and 5.

import { Cursor, XdrError } from "../xdr/cursor.ts";
import { address } from "./address.ts";
import { attempt, type Report, takeItems } from "./decode/items.ts";
import { takeSample } from "./decode/sample.ts";
import type { Datagram, Decoded, DecodedRecord, Problem } from "./decode/values.ts";
import type { CounterRecord, FlowRecord, RecordKind, RecordType } from "./record.ts";

/**
 * Never throws, whatever the bytes: what cannot be read is a problem, and everything around it is still decoded. Work
 * and memory are bounded by the bytes given, not by the counts in them. `bytes` of the values are views of the
 * datagram.
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
  if (version !== 5) throw new XdrError(`version ${version}, only 5 is known`);
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

/** The value of the first record of this type that could be read. */
export function recordOf<T>(
  records: readonly DecodedRecord<FlowRecord | CounterRecord>[],
  type: RecordType<RecordKind, T>,
): T | undefined {
  for (const { content } of records) if (content?.type === type) return content.value as T;
  return undefined;
}
