// One run of a container, from its start to its end: what is known of it, and by which words its numbers are kept.

import type { Timer } from "../host/host.ts";
import type { Numbered, Poller } from "../sflow/agent.ts";
import type { DataSource } from "../sflow/data-source.ts";
import { showUuid } from "./data-source-table.ts";
import type { Life } from "./process-group.ts";

export interface Limits {
  /** Bytes; undefined where there is none. */
  readonly memory: number | undefined;
  readonly processors: number | undefined;
}

export const NO_LIMITS: Limits = { memory: undefined, processors: undefined };

export interface Run {
  readonly id: string;
  readonly source: DataSource;
  /** The first 16 bytes of the id. */
  readonly uuid: Uint8Array;
  readonly poller: Poller;
  readonly life: Life;
  /** Uptime. */
  readonly startedAt: number;
  /** The engine has told the rest. */
  readonly learned: boolean;
}

/** As runs.ts alone knows it. */
export interface OwnRun extends Run {
  learned: boolean;
  /** Takes its counters out of the samples. */
  withdraw: () => void;
  /** Until the engine is asked once more. */
  retry: Timer | undefined;
  /** Perhaps only the echo of a run that has ended: reported when a process of it is found, else forgotten. */
  readonly doubtful: boolean;
  /** Its poller has a reader. */
  open: boolean;
  state: number;
  /** As inspected: `--cpus`. */
  cpus: number | undefined;
  limits: Limits;
}

/** One running of a container: as it is started again its counters begin at zero, though its number stays. */
export const subjectOf = (uuid: Uint8Array, { startTime }: Life, now: number): string =>
  `${showUuid(uuid)} ${startTime ?? `seen ${now}`}`;

export const uuidIn = ({ subject }: Numbered): string => subject.split(" ")[0] ?? "";
