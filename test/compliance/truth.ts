// The kernel's own values while the agent ran: snapshots of /proc and /sys, read without the agent's code.

import { readFileSync } from "node:fs";
import { type Child, start } from "../e2e/child.ts";
import type { Namespace } from "../e2e/namespaces.ts";

export interface Snapshot {
  /** Seconds of the UNIX epoch. */
  readonly time: number;
  /** Text by path; undefined where the file could not be read. */
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
  /** Returns the snapshots from the last one `seconds` before `time` until shortly after `time`. */
  around(time: number, seconds?: number): readonly Snapshot[];
  /** Returns the last snapshot's interfaces. */
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
  /** Returns the snapshots recorded so far. */
  truth(): Truth;
  stop(): Promise<void>;
}

/** Records a snapshot in a namespace every 100 ms until stopped. */
export async function recordTruth(namespace: Namespace, file: string, milliseconds = 100): Promise<TruthRecorder> {
  const words = [process.execPath, "test/compliance/truth-process.mjs", file, `${milliseconds}`];
  const child: Child = start(namespace, words);
  await child.says(/recording\n/);
  return {
    truth: () => makeTruth(readSnapshots(file)),
    stop: async () => void (await child.stop()),
  };
}

/** Leaves out a line that is still being written. */
const readSnapshots = (file: string): Snapshot[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Snapshot);
