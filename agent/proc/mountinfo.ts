// Parses the mounted file systems. /proc/PID/mountinfo, proc_pid_mountinfo(5).

export interface Mount {
  /** The device number of the file system, which is the same for each of its mounts, bind mounts included. */
  readonly major: number;
  readonly minor: number;
  readonly mountPoint: string;
  readonly type: string;
  /** The device, such as "/dev/sda1", if the file system is on a device. */
  readonly source: string;
  /**
   * True if the file system is writable. The mount may still be read-only: a service that systemd confines sees all
   * mounts as read-only.
   */
  readonly writable: boolean;
}

/** Returns the mounts in the order of mounting. Skips lines of another format. */
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
      mountPoint: decodeOctal(mountPoint),
      type,
      source: decodeOctal(source),
      writable,
    });
  }
  return mounts;
}

/** A mount that keeps a network namespace, as `ip netns` and container engines make. Its identity is `net:[inode]`. */
export interface NamespaceMount {
  readonly path: string;
  readonly identity: string;
}

/** The fourth field is the root of the mount; in nsfs it is the namespace. Hundreds of other lines do not match. */
const NAMESPACE = /^\d+ \d+ \S+ (net:\[\d+\]) (\S+) /gm;

export const parseNamespaceMounts = (text: string): readonly NamespaceMount[] =>
  [...text.matchAll(NAMESPACE)].map(([, identity = "", path = ""]) => ({ identity, path: decodeOctal(path) }));

/** Decodes blank, tab, line feed, backslash and #, which the kernel writes as three octal digits. */
function decodeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
