// Reads the sizes of the file systems on the disks of this host: statvfs(3) of the mounts in /proc/PID/mountinfo.

import type { Clock, FileSystemSize, Files, Host, Timer } from "../host/host.ts";
import { type Mount, parseMountinfo } from "../proc/mountinfo.ts";

/** The sizes of the file systems. */
export interface DiskSpace {
  /** Size of all file systems in bytes. */
  readonly total: number;
  /** Bytes available to users other than root. */
  readonly available: number;
  /**
   * The used share of the fullest file system in hundredths of a percent. Space that is not available counts as used.
   * Undefined if there is no file system.
   */
  readonly mostUsed: number | undefined;
}

/** Reads the sizes of file systems in the background. */
export interface DiskSpaceReader {
  /** Starts to read sizes. Resolves with the first sizes, or after 100 ms without them. */
  start(): Promise<void>;
  stop(): void;
  /** Returns the last sizes. */
  read(): DiskSpace | undefined;
  /** The number of mounts that hang, and the number of all queries. */
  readonly statistics: { readonly hung: number; readonly asked: number };
}

/** Longest time in milliseconds that the start waits for sizes, because the first sample must not be late. */
const FIRST_WAIT = 100;
/** Milliseconds until a mount counts as hung. The reader then continues with other mounts, and keeps the last size. */
const HUNG_AFTER = 2000;
/**
 * Shortest time in milliseconds between reads. A read is a third of the cost of a sample, so frequent samples reuse it.
 */
const LEAST_BETWEEN = 10_000;
/**
 * Largest number of queries at a time. A hung query occupies one of Node's four threads, which also resolve names, or a
 * process.
 */
const MOST_HUNG = 2;

/**
 * Types of file systems that are not on a local disk, even if their source is a device. FUSE on a disk is `fuseblk`.
 */
const NOT_LOCAL = /^(nfs|9p|virtiofs|gfs|ocfs|lustre|autofs|fuse(?!blk))/;

/** Tells whether a mount is FUSE, or below a mount of FUSE. The server of such a file system may never answer. */
const isServed = ({ mountPoint }: Mount, mounts: readonly Mount[]): boolean =>
  mounts.some(
    ({ type, mountPoint: above }) => type.startsWith("fuse") && `${mountPoint}/`.startsWith(above.replace(/\/?$/, "/")),
  );

/**
 * Returns one mount of each writable file system on a disk of this host. Such a file system has a device below /dev or
 * a UBI volume, and its type is not that of a network file system. Bind mounts and subvolumes belong to one file
 * system. The last of several mounts at one place hides the others.
 */
export function selectMounts(mounts: readonly Mount[]): readonly Mount[] {
  const visible = new Map(mounts.map((mount) => [mount.mountPoint, mount]));
  const chosen = new Map<string, Mount>();
  for (const mount of visible.values()) {
    if (!/^(\/dev2?\/|ubi)/.test(mount.source) || NOT_LOCAL.test(mount.type) || !mount.writable) continue;
    // Subvolumes of btrfs have device numbers of their own, with major 0.
    const identity = mount.major === 0 ? mount.source : `${mount.major}:${mount.minor}`;
    if (!chosen.has(identity)) chosen.set(identity, mount);
  }
  return [...chosen.values()];
}

class DiskSizes implements DiskSpaceReader {
  readonly #files: Files;
  readonly #clock: Clock;
  readonly #polling: () => number;
  /** The last sizes, by mount point. */
  readonly #sizes = new Map<string, FileSystemSize>();
  /** Mount points with a query in progress. */
  readonly #asked = new Set<string>();
  /** Mount points whose query takes too long. */
  readonly #hung = new Set<string>();
  #queries = 0;
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
    return { hung: this.#hung.size, asked: this.#queries };
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

  /**
   * Reads sizes in the last second before the next sample. Until the second sample, the phase of samples is unknown, so
   * reads sizes each second.
   */
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
    for (const mountPoint of [...this.#sizes.keys()]) if (!mounted.has(mountPoint)) this.#sizes.delete(mountPoint);
    for (const [mountPoint, mayHang] of mounted) {
      if (!this.#asked.has(mountPoint) && this.#asked.size < MOST_HUNG) await this.#ask(mountPoint, mayHang);
    }
    this.#found = true;
    this.#refreshing = false;
  }

  /**
   * Returns the mount points of process 1, and whether each may hang. A confined service, or an agent in a container,
   * sees other mounts.
   */
  #mounted(): ReadonlyMap<string, boolean> {
    const table = this.#files.read("/proc/1/mountinfo") ?? this.#files.read("/proc/self/mountinfo") ?? "";
    const all = parseMountinfo(table);
    return new Map(selectMounts(all).map((mount) => [mount.mountPoint, isServed(mount, all)]));
  }

  /** Reads the size of a file system. Resolves when the size is known, or after 2 s. */
  #ask(mountPoint: string, mayHang: boolean): Promise<void> {
    this.#asked.add(mountPoint);
    this.#queries++;
    const answer = this.#files.size(mountPoint, mayHang).then((size) => {
      this.#asked.delete(mountPoint);
      this.#hung.delete(mountPoint);
      if (size === undefined) this.#sizes.delete(mountPoint);
      else this.#sizes.set(mountPoint, size);
    });
    return this.#within(answer, HUNG_AFTER, () => this.#hung.add(mountPoint));
  }

  /** Resolves with the answer, or calls `onLate` and resolves after some milliseconds. */
  #within(answer: Promise<void>, milliseconds: number, onLate: () => void): Promise<void> {
    return new Promise((resolve) => {
      const timeout = this.#clock.after(milliseconds, () => {
        onLate();
        resolve();
      });
      void answer.then(() => {
        timeout.cancel();
        resolve();
      });
    });
  }
}

/** Makes a reader. `polling` returns the interval of samples in seconds; each sample calls `read`. */
export const makeDiskSpace = (host: Host, polling: () => number): DiskSpaceReader => new DiskSizes(host, polling);

function sum(sizes: readonly FileSystemSize[]): DiskSpace {
  const usable = sizes.filter((size) => size.total > 0);
  const used = usable.map(({ total, available }) => Math.floor(((total - available) * 10_000) / total));
  return {
    total: usable.reduce((total, size) => total + size.total, 0),
    available: usable.reduce((available, size) => available + size.available, 0),
    mostUsed: used.length === 0 ? undefined : Math.max(...used),
  };
}
