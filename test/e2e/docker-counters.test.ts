// Each counter of a paused container compared with the engine's statistics and the kernel's files, and the last
// counters of a container that has ended.

import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import { describe, expect } from "vitest";
import { run } from "./command.ts";
import type { ContainerSample } from "./container-samples.ts";
import { runContainer, type Watched } from "./docker-agent.ts";
import type { DockerEngine } from "./docker-engine.ts";
import { test } from "./docker-fixture.ts";

const MIB = 1 << 20;
const PAUSED = 3;
const ENDED = 4;
const LIMIT = 256 * MIB;
const TMPFS_MAGIC = 0x0102_1994;
/** Uses processor time, page cache that is read once, direct block I/O, and packets to a neighbour that answers. */
const WORK = `
  i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done
  cat /data/input > /dev/null
  dd if=/dev/zero of=/data/direct bs=64k count=16 oflag=direct
  dd if=/data/direct of=/dev/null bs=64k iflag=direct
  ping -c 5 -i 0.1 -s 1000 $PEER
  echo done
  exec sleep 600`;
/** Starts on a signal, and ends a moment later. */
const LAST_WORK = `
  until [ -e /data/go ]; do usleep 10000; done
  dd if=/dev/zero of=/data/last bs=64k count=16 oflag=direct
  ping -c 2 -i 0.02 -s 1000 $PEER
  cat /proc/net/dev`;

let engine: DockerEngine;
let watched: Watched;

/** Returns a reader of the container's cgroup files: v1 hierarchies side by side, or the one of v2. */
function group(pid: number): (controller: string, file: string) => string {
  const paths = new Map<string, string>();
  for (const line of readFileSync(`/proc/${pid}/cgroup`, "utf8").trim().split("\n")) {
    const [, controllers = "", path = ""] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    for (const controller of controllers.split(",")) paths.set(controller, path);
  }
  return (controller, file) => {
    const v1 = paths.get(controller);
    const folder = v1 === undefined ? `/sys/fs/cgroup${paths.get("")}` : `/sys/fs/cgroup/${controller}${v1}`;
    return readFileSync(`${folder}/${file}`, "utf8");
  };
}

/** Makes a folder on a disk, where control groups count what is read and written: /tmp may lie in memory. */
function makeVolume(): string {
  const place = statfsSync(tmpdir()).type === TMPFS_MAGIC ? "/var/tmp" : tmpdir();
  return mkdtempSync(join(place, "hsflowd-e2e-"));
}

/** Recent kernels count the blocks of a cgroup v1 group only on a device with a limit: this one is never reached. */
function counted(folder: string): object {
  const Path = run("findmnt", "-nvo", "SOURCE", "-T", folder).trim();
  const limit = [{ Path, Rate: 1e12 }];
  return Path.startsWith("/dev/") ? { BlkioDeviceReadBps: limit, BlkioDeviceWriteBps: limit } : {};
}

const keyed = (text: string, key: string): number => Number(new RegExp(`^${key} (\\d+)`, "m").exec(text)?.[1]);
const sum = (text: string, pattern: RegExp): number =>
  [...text.matchAll(pattern)].reduce((total, [, value]) => total + Number(value), 0);

/** Converts to the fields of a sample: rd_req, rd_bytes, wr_req, wr_bytes. */
const readUnified = (file: ReturnType<typeof group>) => ({
  cpuTime: Math.floor(keyed(file("", "cpu.stat"), "usage_usec") / 1000),
  memory: Number(file("", "memory.current")) - keyed(file("", "memory.stat"), "inactive_file"),
  maxMemory: Number(file("", "memory.max")),
  disk: ["rios", "rbytes", "wios", "wbytes"].map((key) => sum(file("", "io.stat"), new RegExp(`${key}=(\\d+)`, "g"))),
});

const readDivided = (file: ReturnType<typeof group>) => ({
  cpuTime: Math.floor(Number(file("cpuacct", "cpuacct.usage")) / 1e6),
  memory: Number(file("memory", "memory.usage_in_bytes")) - keyed(file("memory", "memory.stat"), "total_inactive_file"),
  maxMemory: Number(file("memory", "memory.limit_in_bytes")),
  disk: ["Read", "Write"].flatMap((operation) =>
    ["serviced", "service_bytes"].map((what) =>
      sum(file("blkio", `blkio.throttle.io_${what}_recursive`), new RegExp(`${operation} (\\d+)`, "g")),
    ),
  ),
});

/** Parses the one interface of /proc/net/dev: bytes and packets received, bytes and packets sent. */
function readTraffic(text: string): number[] {
  const [, row = ""] = /eth0:\s*(.*)/.exec(text) ?? [];
  const fields = row.split(/\s+/);
  return [0, 1, 8, 9].map((column) => Number(fields[column]));
}

type Kernel = ReturnType<typeof readUnified> & { traffic: number[] };

/**
 * Returns a sample and the engine's statistics, taken while the kernel's files did not change. The kernel may still
 * take page cache back from a paused container, 2 MiB at once, and adds up later what its processors have counted.
 */
async function whileSettled(container: Docker.Container, read: () => Kernel) {
  for (let i = 0; i < 5; i++) {
    const kernel = read();
    const last = watched.samples(container.id).at(-1)?.sequence ?? 0;
    // The next sample may have been read already, and be on its way.
    const later = ({ sequence, state }: ContainerSample) => sequence > last + 1 && state === PAUSED;
    const [sample, stats] = await Promise.all([
      watched.sample(container.id, "a later sample", later),
      container.stats({ stream: false }),
    ]);
    if (isDeepStrictEqual(read(), kernel)) return { sample, stats, kernel };
  }
  throw new Error("the counters of a paused container do not come to rest");
}

describe("a container that has worked and is paused", () => {
  let sample: ContainerSample;
  let stats: Docker.ContainerStats;
  let kernel: Kernel;
  let unified: boolean;
  let volume: string;
  let runWork: (work: string) => Promise<Docker.Container>;

  test.beforeAll(async ({ atEnd, startEngine, watchEngine }) => {
    engine = await startEngine();
    watched = await watchEngine(engine, { polling: 1 });
    const peer = await runContainer(engine);
    const address = (await peer.inspect()).NetworkSettings.IPAddress;
    volume = makeVolume();
    atEnd(() => rmSync(volume, { recursive: true }));
    // Written past the page cache, so that the container's own read fills it.
    run("dd", "if=/dev/zero", `of=${volume}/input`, "bs=1M", "count=32", "oflag=direct", "status=none");
    const host = { Memory: LIMIT, NanoCpus: 1.5e9, Binds: [`${volume}:/data`], ...counted(volume) };
    runWork = (work) => runContainer(engine, { command: `sh -c 'PEER=${address}; ${work}'`, host });
    const container = await runWork(WORK);
    await new Promise<void>((resolve, reject) => {
      container.logs({ follow: true, stdout: true, stderr: true }, (error, stream) => {
        if (error || stream === undefined) return reject(error);
        let said = "";
        stream.on("data", (chunk: Buffer) => {
          said += chunk.toString();
          if (said.includes("done")) resolve();
        });
        stream.on("end", () => reject(new Error(said)));
      });
    });
    await container.pause();
    const { Pid } = (await container.inspect()).State;
    const file = group(Pid);
    unified = !readFileSync("/proc/mounts", "utf8").includes(" cgroup rw");
    const read = unified ? readUnified : readDivided;
    const readAll = () => ({ ...read(file), traffic: readTraffic(readFileSync(`/proc/${Pid}/net/dev`, "utf8")) });
    ({ sample, stats, kernel } = await whileSettled(container, readAll));
    await container.remove({ force: true });
  });

  test("processor time", () => {
    expect(sample.cpuTime).toBe(Math.floor(stats.cpu_stats.cpu_usage.total_usage / 1e6));
    expect(sample.cpuTime).toBeGreaterThan(100);
  });

  test("processors are its quota, rounded up", () => {
    expect(sample.processors).toBe(2);
  });

  test("memory does not include page cache that can be reclaimed", () => {
    const { usage, limit, stats: detail } = stats.memory_stats;
    const cache = unified ? detail.inactive_file : detail.total_inactive_file;
    expect(sample.memory).toBe(usage - cache);
    expect(sample.maxMemory).toBe(limit);
    expect(sample.maxMemory).toBe(LIMIT);
  });

  test("block I/O", () => {
    const bytes = (operation: string) =>
      (stats.blkio_stats?.io_service_bytes_recursive ?? [])
        .filter(({ op }: { op: string }) => op.toLowerCase() === operation)
        .reduce((sum: number, { value }: { value: number }) => sum + value, 0);
    const [reads = -1, readBytes, writes = -1, writtenBytes] = sample.disk ?? [];
    expect([readBytes, writtenBytes]).toEqual([bytes("read"), bytes("write")]);
    expect(writtenBytes).toBeGreaterThanOrEqual(MIB);
    expect(reads).toBeGreaterThanOrEqual(16);
    expect(writes).toBeGreaterThanOrEqual(16);
  });

  test("traffic", () => {
    const own = Object.values(stats.networks)[0];
    expect(sample.traffic).toEqual([own?.rx_bytes, own?.rx_packets, own?.tx_bytes, own?.tx_packets]);
    expect(sample.traffic?.[2]).toBeGreaterThanOrEqual(5 * 1042);
  });

  test("the kernel's files have the same values", () => {
    expect(sample).toMatchObject(kernel);
  });

  test("the last sample includes what a container does just before it ends", async () => {
    const container = await runWork(LAST_WORK);
    await watched.sample(container.id, "a first sample", () => true);
    writeFileSync(join(volume, "go"), "");
    await container.wait();
    const last = await watched.sample(container.id, "a last sample", ({ state }) => state === ENDED);
    const own = readTraffic((await container.logs({ stdout: true })).toString());
    expect(own[2]).toBeGreaterThanOrEqual(2 * 1042);
    for (const [i, value] of own.entries()) expect(last.traffic?.[i]).toBeGreaterThanOrEqual(value);
    expect(last.disk?.[3]).toBeGreaterThanOrEqual(MIB);
  });
});
