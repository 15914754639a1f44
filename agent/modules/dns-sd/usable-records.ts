// The SRV records that name a collector, without wrong and repeated ones. See RFC 2782.

import { isName, parseAddress } from "../../config/address.ts";
import { quote } from "../../config/error.ts";
import type { Srv } from "../../dns/message.ts";

/** More collectors than any site has; a longer list would make every host flood the network with copies. */
const MOST = 512;

export interface UsableRecords {
  /** By priority. */
  readonly records: readonly Srv[];
  /** Reasons for records left out. */
  readonly problems: readonly string[];
}

function problemOf({ target, port }: Srv): string | undefined {
  if (port === 0) return `${quote(target)} has port 0`;
  return isName(target) || parseAddress(target) !== undefined ? undefined : `${quote(target)} is not a host name`;
}

/** Keeps the first record of each target and port. */
function distinctRecords(records: readonly Srv[]): Srv[] {
  const first = new Map<string, Srv>();
  for (const record of records) {
    const key = `${record.target.toLowerCase()} ${record.port}`;
    if (!first.has(key)) first.set(key, record);
  }
  return [...first.values()];
}

/** A collector named twice keeps its lower priority number. The target `.` names no collector. */
export function usableRecords(records: readonly Srv[]): UsableRecords {
  const named = records.filter(({ target }) => target !== ".");
  const correct = named.filter((record) => problemOf(record) === undefined);
  const distinct = distinctRecords(correct.toSorted((a, b) => a.priority - b.priority));
  const problems = named.map(problemOf).filter((problem) => problem !== undefined);
  const tooMany = distinct.length > MOST ? [`${distinct.length} collectors, only the first ${MOST} are used`] : [];
  return { records: distinct.slice(0, MOST), problems: [...problems, ...tooMany] };
}
