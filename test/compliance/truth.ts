// What the kernel said while the agent ran: snapshots of /proc and /sys, read by nothing of the agent's.

import { readFileSync } from "node:fs";
import { type Child, start } from "../e2e/child.ts";
import type { Namespace } from "../e2e/namespaces.ts";

export interface Snapshot {
  /** Seconds of the UNIX epoch. */
  readonly time: number;
  /** Text by path; undefined where it could not be read. */
  readonly files: Readonly<Record<string, string | undefined>>;
  /** Bytes of the file systems on block devices, by mount point. */
  readonly sizes: Readonly<Record<string, { readonly total: number; readonly available: number } | undefined>>;
}

export interface Link {
  readonly name: string;
  readonly ifIndex: number;
  readonly mac: string;
  /** ARPHRD_*, linux/if_arp.h */
  readonly type: number;
  /** IFF_*, linux/if.h */
  readonly flags: number;
  readonly operstate: string;
  /** Mbit/s; 0 unknown. */
  readonly speed: number;
  readonly duplex: string;
}

export interface Truth {
  readonly snapshots: readonly Snapshot[];
  /** From the last one `seconds` before `time`, however long before, until shortly after it. */
  around(time: number, seconds?: number): readonly Snapshot[];
  /** As they were last. */
  interfaces(): readonly Link[];
}

/** A datagram may wait a second, and a reading may be a tenth of a second old. */
const WINDOW = 1.2;
/** Snapshots are stamped before they are read. */
const AFTER = 0.3;

export function makeTruth(snapshots: readonly Snapshot[]): Truth {
  return {
    snapshots,
    around(time, seconds = WINDOW) {
      const first = Math.max(
        0,
        snapshots.findLastIndex((snapshot) => snapshot.time < time - seconds),
      );
      return snapshots.slice(first).filter((snapshot) => snapshot.time <= time + AFTER);
    },
    interfaces: () => linksOf(snapshots.at(-1)),
  };
}

export function linksOf(snapshot: Snapshot | undefined): Link[] {
  const files = snapshot?.files ?? {};
  const names = Object.keys(files).flatMap((path) => /^\/sys\/class\/net\/(.+)\/ifindex$/.exec(path)?.[1] ?? []);
  return names.map((name) => {
    const fact = (what: string): string => files[`/sys/class/net/${name}/${what}`]?.trim() ?? "";
    return {
      name,
      ifIndex: Number(fact("ifindex")),
      mac: fact("address").replaceAll(":", ""),
      type: Number(fact("type")),
      flags: Number(fact("flags")),
      operstate: fact("operstate"),
      speed: Math.max(0, Number(fact("speed"))),
      duplex: fact("duplex"),
    };
  });
}

export interface TruthRecorder {
  /** What was recorded so far. */
  truth(): Truth;
  stop(): Promise<void>;
}

/** Records in a namespace, every 100 ms, until stopped. */
export async function recordTruth(namespace: Namespace, file: string, milliseconds = 100): Promise<TruthRecorder> {
  const words = [process.execPath, "test/compliance/truth-process.mjs", file, `${milliseconds}`];
  const child: Child = start(namespace, words);
  await child.says(/recording\n/);
  return {
    truth: () => makeTruth(readSnapshots(file)),
    stop: async () => void (await child.stop()),
  };
}

/** A line that is still being written is left out. */
const readSnapshots = (file: string): Snapshot[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Snapshot);
