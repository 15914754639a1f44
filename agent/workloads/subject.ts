// The subject of a workload's numbers: which run of which workload they count, and of which kind it is. It tells what
// the numbers in a state file belong to.

import type { Numbered } from "../sflow/agent.ts";
import type { DataSource } from "../sflow/data-source.ts";
import { isWorkloadSource, showUuid } from "./data-source-table.ts";

/** Subjects without a keyword are docker's: written before there were other kinds, and by docker still. */
const UNNAMED = "docker";

export interface Subject {
  /** 32 hex digits. */
  readonly uuid: string;
  readonly keyword: string;
}

/** `startTime` has no blank, except in "seen 1234". A run has its own, for its counters begin at zero. */
export const showSubject = (keyword: string, uuid: Uint8Array, startTime: string): string =>
  `${showUuid(uuid)} ${startTime}${keyword === UNNAMED ? "" : ` ${keyword}`}`;

export function parseSubject(text: string): Subject {
  const [uuid = ""] = text.split(" ");
  return { uuid, keyword: / ([a-z][\w-]*)$/.exec(text)?.[1] ?? UNNAMED };
}

export interface LeftNumbers extends Subject {
  readonly source: DataSource;
}

/** The numbers that workloads have, or had in an earlier process. */
export const leftNumbers = (numbered: readonly Numbered[]): readonly LeftNumbers[] =>
  numbered
    .filter(({ source }) => isWorkloadSource(source))
    .map(({ source, subject }) => ({ source, ...parseSubject(subject) }));
