// Size of the file systems on this host's disks. statvfs(3) of the mounts in /proc/PID/mountinfo.

import type { Clock, FileSystemSize, Files, Host, Timer } from "../host/host.ts";
import { type Mount, parseMountinfo } from "../proc/mountinfo.ts";

export interface DiskSpace {
  /** Bytes. */
  readonly total: number;
  /** What users other than root may still fill. */
  readonly available: number;
  /**
   * Of the fullest file system, hundredths of a percent: all that is not available counts as used. Undefined without
   * any.
   */
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
/** Milliseconds until sizes are asked for again where samples are closer together: to ask is a third of their cost. */
const LEAST_BETWEEN = 10_000;
/** A hung query keeps one of Node's four threads, on which name look-ups run, too. */
const MOST_HUNG = 2;

/**
 * The root of a machine started over the network, too, has a device for its source. FUSE on a disk is called fuseblk.
 */
const NOT_LOCAL = /^(nfs|9p|virtiofs|gfs|ocfs|lustre|autofs|fuse(?!blk))/;

/**
 * One mount of each file system that is on a disk of this host and takes writes: the device is below /dev or a UBI
 * volume, the type is none of the network's. Bind mounts and subvolumes are the same file system again. Of two mounts
 * at one place the last hides the others.
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

class Sizes implements DiskSpaceReader {
  readonly #files: Files;
  readonly #clock: Clock;
  readonly #polling: () => number;
  /** By mount point. */
  readonly #sizes = new Map<string, FileSystemSize>();
  /** Asked and not answered, and those of them that no one waits for any more. */
  readonly #asked = new Set<string>();
  readonly #hung = new Set<string>();
  #questions = 0;
  #found = false;
  #refreshing = false;
  #reads = 0;
  #lastRead = 0;
  #lastRefresh = 0;
  #timer: Timer | undefined;

  constructor({ files, clock }: Host, polling: () => number) {
    this.#files = files;
    this.#clock = clock;
    this.#polling = polling;
  }

  get statistics() {
    return { hung: this.#hung.size, asked: this.#questions };
  }

  start(): Promise<void> {
    this.#timer = this.#clock.every(1000, () => this.#onSecond());
    return this.#within(this.#refresh(), FIRST_WAIT, () => undefined);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  read(): DiskSpace | undefined {
    this.#reads++;
    this.#lastRead = this.#clock.uptime();
    return this.#found || this.#sizes.size > 0 ? sum([...this.#sizes.values()]) : undefined;
  }

  /** Within a second before the next sample, as far as that can be told: the second one comes at a phase of its own. */
  #onSecond(): void {
    const now = this.#clock.uptime();
    const due = (this.#polling() - 1) * 1000;
    if (due < LEAST_BETWEEN && now - this.#lastRefresh < LEAST_BETWEEN) return;
    if (this.#reads < 2 || now - this.#lastRead >= due) void this.#refresh();
  }

  async #refresh(): Promise<void> {
    if (this.#refreshing) return;
    this.#refreshing = true;
    this.#lastRefresh = this.#clock.uptime();
    const mounted = this.#mounted();
    for (const mountPoint of [...this.#sizes.keys()]) if (!mounted.includes(mountPoint)) this.#sizes.delete(mountPoint);
    for (const mountPoint of mounted) {
      if (!this.#asked.has(mountPoint) && this.#asked.size < MOST_HUNG) await this.#ask(mountPoint);
    }
    this.#found = true;
    this.#refreshing = false;
  }

  /** In the view of the first process: a confined service, or an agent in a container, has another of its own. */
  #mounted(): readonly string[] {
    const table = this.#files.read("/proc/1/mountinfo") ?? this.#files.read("/proc/self/mountinfo") ?? "";
    return selectMounts(parseMountinfo(table)).map((mount) => mount.mountPoint);
  }

  /** Resolves with the size, or in time without one. */
  #ask(mountPoint: string): Promise<void> {
    this.#asked.add(mountPoint);
    this.#questions++;
    const answer = this.#files.size(mountPoint).then((size) => {
      this.#asked.delete(mountPoint);
      this.#hung.delete(mountPoint);
      if (size === undefined) this.#sizes.delete(mountPoint);
      else this.#sizes.set(mountPoint, size);
    });
    return this.#within(answer, PATIENCE, () => this.#hung.add(mountPoint));
  }

  #within(answer: Promise<void>, milliseconds: number, onLate: () => void): Promise<void> {
    return new Promise((resolve) => {
      const patience = this.#clock.after(milliseconds, () => {
        onLate();
        resolve();
      });
      void answer.then(() => {
        patience.cancel();
        resolve();
      });
    });
  }
}

/** `polling` is the interval of samples in seconds; `read` is called at each. */
export const makeDiskSpace = (host: Host, polling: () => number): DiskSpaceReader => new Sizes(host, polling);

function sum(sizes: readonly FileSystemSize[]): DiskSpace {
  const usable = sizes.filter((size) => size.total > 0);
  const used = usable.map(({ total, available }) => Math.floor(((total - available) * 10_000) / total));
  return {
    total: usable.reduce((total, size) => total + size.total, 0),
    available: usable.reduce((available, size) => available + size.available, 0),
    mostUsed: used.length === 0 ? undefined : Math.max(...used),
  };
}
