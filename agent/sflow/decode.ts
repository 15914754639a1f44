// Decodes a datagram of any agent. Tolerates errors, and reports where they are. See sFlow v5, sections 4 and 5.

import { Cursor, XdrError } from "../xdr/cursor.ts";
import { address } from "./address.ts";
import { headOf, take32 } from "./decode/head.ts";
import { attempt, type Report, takeItems } from "./decode/items.ts";
import { takeSample } from "./decode/sample.ts";
import type { DatagramHead, Decoded, DecodedRecord, DecodedSample, Problem } from "./decode/values.ts";
import type { CounterRecord, FlowRecord, RecordKind, RecordType } from "./record.ts";

/**
 * Decodes a datagram. Never throws: reports an unreadable part as a problem, and decodes the other parts. The length of
 * the datagram, not the counts in it, limits work and memory. All `bytes` in the result are views of the datagram.
 */
export function decodeDatagram(bytes: Uint8Array): Decoded {
  const problems: Problem[] = [];
  const report: Report = ({ message, offset }, path = "datagram") => {
    problems.push({ path, offset, message });
  };
  const cursor = new Cursor(bytes);
  return attempt<Decoded>(
    () => {
      const samples: DecodedSample[] = [];
      const datagram = takeHead(cursor, { samples });
      takeItems(cursor, datagram.sampleCount, "sample", takeSample, samples, report);
      return { datagram, head: datagram, problems };
    },
    ({ part = {} }) => ({ datagram: undefined, head: part as Partial<DatagramHead>, problems }),
    report,
  );
}

const takeHead = headOf<DatagramHead>({
  version: takeVersion,
  agentAddress: (cursor) => address.take(cursor),
  subAgentId: take32,
  sequenceNumber: take32,
  uptime: take32,
  sampleCount: take32,
});

/** Rejects other versions, whose fields are others. */
function takeVersion(cursor: Cursor): number {
  const { at } = cursor;
  const version = cursor.takeUint32();
  if (version !== 5) throw new XdrError(`version ${version} is not supported, only version 5`, at, 0, version);
  return version;
}

/** Returns the value of the first readable record of this type. */
export function recordOf<T>(
  records: readonly DecodedRecord<FlowRecord | CounterRecord>[],
  type: RecordType<RecordKind, T>,
): T | undefined {
  for (const { content } of records) if (content?.type === type) return content.value as T;
  return undefined;
}
