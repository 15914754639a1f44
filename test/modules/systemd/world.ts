// Services without systemd: a tree of control groups in memory, a bus that answers as a test says, and the samples that
// left.

import type { OpenFile } from "../../../agent/host/host.ts";
import { CgroupTree } from "../../../agent/modules/systemd/cgroup-tree.ts";
import { Services } from "../../../agent/modules/systemd/services.ts";
import type { UnitState } from "../../../agent/modules/systemd/unit-state.ts";
import { WorkloadRegistry } from "../../../agent/workloads/registry.ts";
import { makeFakeHost } from "../../fakes/host.ts";
import { FakeInterfaces } from "../../fakes/interfaces.ts";
import { makeRecorder, type Sample } from "../../workloads/recorder.ts";

const ROOT = "/g";
const SLICE = `${ROOT}/system.slice`;

export type FakeWorld = ReturnType<typeof makeWorld>;

export function makeWorld() {
  const host = makeFakeHost({
    texts: { "/proc/mounts": `cgroup2 ${ROOT} cgroup2 rw 0 0`, [`${SLICE}/cgroup.procs`]: "" },
  });
  const { over } = host.files;
  const opened = new Map<OpenFile, string>();
  const { keep } = host.files;
  host.files.keep = (path) => {
    const file = keep(path);
    opened.set(file, path);
    return file;
  };
  const samples: Sample[] = [];
  const agent = { poller: makeRecorder(samples), numbered: () => [] };
  const flows = { annotate: () => () => undefined };
  const registry = new WorkloadRegistry({ host, agent, flows, interfaces: new FakeInterfaces() });
  const source = registry.open({ keyword: "systemd", rank: 1, nameTraffic: false });
  const tree = new CgroupTree(host.files);
  const uuidOf = (unit: string): Uint8Array => new Uint8Array(16).fill(unit.length);
  const services = new Services({ source, tree, uuidOf, clock: host.clock, debug: () => undefined });

  /** A process of a unit runs, in a group of its own or one that is there. */
  function run(unit: string, pid: number, milliseconds = 0, folder = SLICE): void {
    const group = `${folder}/${unit}`;
    over[`${group}/cgroup.procs`] = `${over[`${group}/cgroup.procs`] ?? ""}${pid}\n`;
    over[`${group}/cgroup.events`] = "populated 1\n";
    over[`/proc/${pid}/stat`] = `${pid} (a) S 1 1`;
    over[`/proc/${pid}/cgroup`] = `0::${group.slice(ROOT.length)}\n`;
    use(unit, milliseconds, folder);
  }

  function use(unit: string, milliseconds: number, folder = SLICE): void {
    over[`${folder}/${unit}/cpu.stat`] = `usage_usec ${milliseconds * 1000}\n`;
  }

  /** The process ends; its group stays. */
  function exit(unit: string, pid: number): void {
    const procs = `${SLICE}/${unit}/cgroup.procs`;
    over[procs] = over[procs]?.replace(`${pid}\n`, "");
    if (over[procs] === "") over[`${SLICE}/${unit}/cgroup.events`] = "populated 0\n";
    over[`/proc/${pid}/stat`] = undefined;
    const watch = host.sockets.open.find(({ domain, protocol }) => domain === 0 && protocol === pid);
    if (watch !== undefined) host.sockets.deliver(watch, { bytes: new Uint8Array(0) });
  }

  /** systemd removes the group: files of it that are open cannot be read any more, whatever is there later. */
  function remove(unit: string): void {
    const group = `${SLICE}/${unit}/`;
    for (const path of Object.keys(over)) if (path.startsWith(group)) delete over[path];
    for (const [file, path] of opened) if (path.startsWith(group)) file.read = () => undefined;
  }

  return { host, tree, source, services, samples, run, use, exit, remove };
}

export const running = (unit: string, more: Partial<UnitState> = {}): UnitState => ({
  ...{ unit, active: "active", sub: "running", pid: 7, invocation: "aa", startedAt: 2e9 },
  ...more,
});

export const dead = (unit: string, more: Partial<UnitState> = {}): UnitState =>
  running(unit, { active: "inactive", sub: "dead", pid: 0, ...more });

/** Name, state and processor time of each sample. */
export const lives = ({ samples }: { readonly samples: readonly Sample[] }): unknown[] =>
  samples.map(({ hostname, state, cpuTime }) => [hostname, state, cpuTime]);

export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
