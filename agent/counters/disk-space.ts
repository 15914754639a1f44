// Size of the file systems on this host's disks. statvfs(3) of the mounts in /proc/PID/mountinfo.

import type { FileSystemSize, Host, Timer } from "../host/host.ts";
import { type Mount, parseMountinfo } from "../proc/mountinfo.ts";

export interface DiskSpace {
  /** Bytes. */
  readonly total: number;
  /** What users other than root may still fill. */
  readonly available: number;
  /** Of the fullest file system, hundredths of a percent: all that is not available counts as used. Undefined without any. */
  readonly mostUsed: number | undefined;
}

export interface DiskSpaceReader {
  /** Resolves with the first sizes, or soon without them. */
  start(): Promise<void>;
  stop(): void;
  /** What was found last. */
  read(): DiskSpace | undefined;
  /** Mounts that have not answered yet, and sizes that were asked for. */
  readonly statistics: { readonly hung: number; readonly asked: number };
}

/** Milliseconds that the start waits: the first sample is worth more than its disk sizes. */
const FIRST_WAIT = 100;
/** Milliseconds until a mount counts as hung: others are asked, and its last size stands until it answers. */
const PATIENCE = 2000;
/** A hung query keeps one of Node's four threads, on which name look-ups run, too. */
const MOST_HUNG = 2;

/** The root of a machine started over the network, too, has a device for its source. FUSE on a disk is called fuseblk. */
const NOT_LOCAL = /^(nfs|9p|virtiofs|gfs|ocfs|lustre|autofs|fuse(?!blk))/;

/**
 * One mount of each file system that is on a disk of this host and takes writes: the device is below /dev or a UBI volume,
 * the type is none of the network's. Bind mounts and subvolumes are the same file system again. Of two mounts at one
 * place the last hides the others.
 */
export function selectMounts(mounts: readonly Mount[]): readonly Mount[] {
  const visible = new Map(mounts.map((mount) => [mount.mountPoint, mount]));
  const chosen = new Map<string, Mount>();
  for (const mount of visible.values()) {
    if (!/^(\/dev2?\/|ubi)/.test(mount.source) || NOT_LOCAL.test(mount.type) || !mount.writable) continue;
    // Subvolumes of btrfs have numbers of their own, in the range without a device.
    const identity = mount.major === 0 ? mount.source : `${mount.major}:${mount.minor}`;
    if (!chosen.has(identity)) chosen.set(identity, mount);
  }
  return [...chosen.values()];
}

/** `polling` is the interval of samples in seconds; `read` is called at each. */
export function makeDiskSpace({ files, clock }: Host, polling: () => number): DiskSpaceReader {
  const sizes = new Map<string, FileSystemSize>();
  const hung = new Set<string>();
  let mounted: readonly string[] = [];
  let found = false;
  let refreshing = false;
  let asked = 0;
  let reads = 0;
  let lastRead = 0;
  let timer: Timer | undefined;

  /** Resolves with the size, or in time without one. */
  function ask(mountPoint: string): Promise<void> {
    hung.add(mountPoint);
    asked++;
    const answer = files.size(mountPoint).then((size) => {
      hung.delete(mountPoint);
      if (size === undefined) sizes.delete(mountPoint);
      else sizes.set(mountPoint, size);
    });
    return within(answer, PATIENCE);
  }

  function within(answer: Promise<void>, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const patience = clock.after(milliseconds, resolve);
      void answer.then(() => {
        patience.cancel();
        resolve();
      });
    });
  }

  async function refresh(): Promise<void> {
    if (refreshing) return;
    refreshing = true;
    // The view of the first process: a confined service, or an agent in a container, has another of its own.
    const text = files.read("/proc/1/mountinfo") ?? files.read("/proc/self/mountinfo");
    mounted = selectMounts(parseMountinfo(text ?? "")).map((mount) => mount.mountPoint);
    for (const mountPoint of [...sizes.keys()]) if (!mounted.includes(mountPoint)) sizes.delete(mountPoint);
    for (const mountPoint of mounted) {
      if (!hung.has(mountPoint) && hung.size < MOST_HUNG) await ask(mountPoint);
    }
    found = true;
    refreshing = false;
  }

  /** Within a second before the next sample, as far as that can be told: the second one comes at a phase of its own. */
  function onSecond(): void {
    const soon = reads < 2 || clock.uptime() - lastRead >= (polling() - 1) * 1000;
    if (soon) void refresh();
  }

  return {
    start() {
      timer = clock.every(1000, onSecond);
      return within(refresh(), FIRST_WAIT);
    },
    stop: () => timer?.cancel(),
    read() {
      reads++;
      lastRead = clock.uptime();
      return found || sizes.size > 0 ? sum([...sizes.values()]) : undefined;
    },
    get statistics() {
      return { hung: hung.size, asked };
    },
  };
}

function sum(sizes: readonly FileSystemSize[]): DiskSpace {
  const usable = sizes.filter((size) => size.total > 0);
  const used = usable.map(({ total, available }) => Math.floor(((total - available) * 10_000) / total));
  return {
    total: usable.reduce((total, size) => total + size.total, 0),
    available: usable.reduce((available, size) => available + size.available, 0),
    mostUsed: used.length === 0 ? undefined : Math.max(...used),
  };
}
