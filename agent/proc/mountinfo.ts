// Mounted file systems. /proc/PID/mountinfo, proc_pid_mountinfo(5).

export interface Mount {
  /** Of the file system: the same for every place it is mounted at, bind mounts included. */
  readonly major: number;
  readonly minor: number;
  readonly mountPoint: string;
  readonly type: string;
  /** The device, for a file system that is on one: "/dev/sda1". */
  readonly source: string;
  /**
   * The file system itself takes writes, though this mount of it may not (a service that systemd confines sees all of
   * them so).
   */
  readonly writable: boolean;
}

/** In the order of mounting. Lines of another shape are left out. */
export function parseMountinfo(text: string): readonly Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split("\n")) {
    const [before, after] = line.split(" - ");
    const [, , device, , mountPoint] = before?.split(" ") ?? [];
    const [type, source, options] = after?.split(" ") ?? [];
    const [, major, minor] = /^(\d+):(\d+)$/.exec(device ?? "") ?? [];
    if (major === undefined || mountPoint === undefined || type === undefined || source === undefined) continue;
    const writable = options?.split(",")[0] !== "ro";
    mounts.push({
      major: Number(major),
      minor: Number(minor),
      mountPoint: plain(mountPoint),
      type,
      source: plain(source),
      writable,
    });
  }
  return mounts;
}

/** A network namespace that a mount keeps (`ip netns` and container engines do so), and its identity: `net:[inode]`. */
export interface NamespaceMount {
  readonly path: string;
  readonly identity: string;
}

/**
 * The fourth field is the root of the mount, in nsfs the namespace itself. Other lines, hundreds of them, are not taken
 * apart.
 */
const NAMESPACE = /^\d+ \d+ \S+ (net:\[\d+\]) (\S+) /gm;

export const parseNamespaceMounts = (text: string): readonly NamespaceMount[] =>
  [...text.matchAll(NAMESPACE)].map(([, identity = "", path = ""]) => ({ identity, path: plain(path) }));

/** Blank, tab, line feed, backslash and # are written as three octal digits. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
