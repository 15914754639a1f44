// Subjects in the state file. The subject of a data source says which run of which workload its sequence numbers
// belong to: UUID, start time and keyword of the block.

import type { Numbered } from "../sflow/agent.ts";
import type { DataSource } from "../sflow/data-source.ts";
import { isWorkloadSource, showUuid } from "./data-source-table.ts";

/** A subject without a keyword belongs to docker { }, which wrote none before other blocks reported workloads. */
const UNNAMED = "docker";

export interface Subject {
  /** UUID as 32 hex digits. */
  readonly uuid: string;
  readonly keyword: string;
}

/**
 * Formats a subject. The start time in it distinguishes two runs of one workload, because the counters of each run
 * begin at zero. `startTime` has no blank, except in "seen 1234".
 */
export const showSubject = (keyword: string, uuid: Uint8Array, startTime: string): string =>
  `${showUuid(uuid)} ${startTime}${keyword === UNNAMED ? "" : ` ${keyword}`}`;

export function parseSubject(text: string): Subject {
  const [uuid = ""] = text.split(" ");
  return { uuid, keyword: / ([a-z][\w-]*)$/.exec(text)?.[1] ?? UNNAMED };
}

export interface LeftNumbers extends Subject {
  readonly source: DataSource;
}

/** Returns the data sources that workloads use now, or used in an earlier agent process. */
export const leftNumbers = (numbered: readonly Numbered[]): readonly LeftNumbers[] =>
  numbered
    .filter(({ source }) => isWorkloadSource(source))
    .map(({ source, subject }) => ({ source, ...parseSubject(subject) }));
