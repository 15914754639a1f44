// Records the kernel's own values, and compares a decoded counter sample with them, field by field.

import type { CounterRecord } from "../../agent/sflow/record.ts";
import { type Child, start } from "./child.ts";
import { until } from "./command.ts";
import type { Namespace } from "./namespaces.ts";

type Value = number | string | null | readonly unknown[];
/** By record and field, with the names of sFlow. */
export type SourceTruth = Readonly<Record<string, Readonly<Record<string, Value>>>>;

export interface Snapshot {
  /** Seconds of the UNIX epoch between which its values were read. */
  readonly begun: number;
  readonly ended: number;
  /** By data source, "2:1". */
  readonly sources: Readonly<Record<string, SourceTruth>>;
}

export interface KernelRecorder {
  /** Returns the snapshots around a reading that took place from `earliest` to `latest`; waits for one after it. */
  around(earliest: number, latest: number): Promise<readonly Snapshot[]>;
  stop(): Promise<void>;
}

export async function recordKernel(namespace: Namespace): Promise<KernelRecorder> {
  const child = start(namespace, ["python3", "test/e2e/kernel-truth.py", "0.1"]);
  await child.says(/\n/);
  return {
    around: (earliest, latest) =>
      until("a snapshot of the kernel", () => bracket(snapshots(child), earliest, latest), { evidence: child.stderr }),
    stop: async () => void (await child.stop()),
  };
}

const snapshots = (child: Child): Snapshot[] =>
  child
    .stdout()
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Snapshot);

function bracket(all: readonly Snapshot[], earliest: number, latest: number): readonly Snapshot[] | undefined {
  const first = all.findLastIndex(({ ended }) => ended < earliest);
  const last = all.findIndex(({ begun }) => begun > latest);
  return last < 0 ? undefined : all.slice(Math.max(first, 0), last + 1);
}

const MEGABYTE = 1 << 20;

/** How far a gauge may lie outside the values before and after: it changes in between. */
const SLACK: Readonly<Record<string, number>> = {
  load_one: 0.011,
  load_five: 0.011,
  load_fifteen: 0.011,
  proc_run: 6,
  proc_total: 30,
  cpu_speed: 1,
  uptime: 1,
  mem_free: 256 * MEGABYTE,
  mem_shared: 64 * MEGABYTE,
  mem_buffers: 64 * MEGABYTE,
  mem_cached: 256 * MEGABYTE,
  swap_free: 64 * MEGABYTE,
  disk_free: 256 * MEGABYTE,
  part_max_used: 100,
  tcpCurrEstab: 20,
};

/**
 * Returns a line for each field that differs from the kernel: a counter outside its values before and after, a gauge
 * outside its range, "unknown" where the kernel has a value, or a value where it has none.
 */
export function differences({ type, value }: CounterRecord, truths: readonly SourceTruth[]): string[] {
  const seen = truths.map((truth) => truth[type.name]).filter((values) => values !== undefined);
  if (seen.length < 2) return [`${type.name}: the kernel says nothing`];
  const fields = type.fields as Readonly<Record<string, { readonly name: string }>>;
  return Object.entries(fields).flatMap(([field, { name }]) => {
    const said = (value as Readonly<Record<string, unknown>>)[field];
    const truth = seen.map((values) => values[field]).filter((one) => one !== undefined);
    const wrong = judge(field, name, plain(said), truth);
    return wrong === undefined ? [] : [`${type.name}.${field}: ${wrong}`];
  });
}

/** Converts to JSON values: adapters to pairs of index and address, bytes to hex. */
function plain(value: unknown): Value {
  if (value === undefined) return null;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (!Array.isArray(value)) return value as Value;
  const adapters = value as { ifIndex: number; mac_address: Uint8Array[] }[];
  return adapters.map(({ ifIndex, mac_address: [mac = [] as unknown as Uint8Array] }) => [
    ifIndex,
    Buffer.from(mac).toString("hex"),
  ]);
}

function judge(field: string, type: string, said: Value, seen: readonly Value[]): string | undefined {
  const [before, after] = [seen[0], seen.at(-1)];
  if (before === undefined || after === undefined) return "the kernel says nothing";
  if (typeof said !== "number" || typeof before !== "number" || typeof after !== "number") {
    const agrees = seen.some((one) => JSON.stringify(one) === JSON.stringify(said));
    return agrees ? undefined : `${JSON.stringify(said)}, the kernel says ${JSON.stringify(before)}`;
  }
  if (/^counter/.test(type)) return judgeCounter(said, before, after, type === "counter32", SLIPS.has(field) ? 50 : 0);
  const numbers = seen.filter((one) => typeof one === "number");
  const slack = SLACK[field] ?? 0;
  const [least, most] = [Math.min(...numbers) - slack, Math.max(...numbers) + slack];
  return said >= least && said <= most ? undefined : `${said}, the kernel says ${least} to ${most}`;
}

/** The kernel takes a tick back at times; the agent does not. */
const SLIPS = new Set(["cpu_idle", "cpu_wio"]);
const MODULUS = 0x1_0000_0000;

function judgeCounter(said: number, before: number, after: number, wraps: boolean, slack: number): string | undefined {
  const distance = (from: number, to: number) => (wraps ? (((to - from) % MODULUS) + MODULUS) % MODULUS : to - from);
  const step = distance(before - slack, said);
  const holds = step >= 0 && step <= distance(before - slack, after + slack);
  return holds ? undefined : `${said}, the kernel says ${before} to ${after}`;
}
