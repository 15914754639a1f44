// The sockets of a process by inode, with a description of each. /proc/PID/net/*, proc(5), packet(7).

import { readdirSync, readFileSync, readlinkSync } from "node:fs";

type Inode = string;
/** Names by index. */
type Interfaces = ReadonlyMap<number, string>;

const rowsOf = (pid: number, name: string): string[][] => {
  const [, ...lines] = readFileSync(`/proc/${pid}/net/${name}`, "utf8").trim().split("\n");
  return lines.map((line) => line.trim().split(/\s+/));
};

/** Parses the port of `00000000:18C7`. */
const port = (address = ""): number => Number.parseInt(address.split(":")[1] ?? "", 16);

function named(pid: number, interfaces: Interfaces): Map<Inode, string> {
  const found = new Map<Inode, string>();
  for (const [, , , , index, , , , inode = ""] of rowsOf(pid, "packet"))
    found.set(inode, `packet ${interfaces.get(Number(index)) ?? index}`);
  for (const [, family, , , , , , , , inode = ""] of rowsOf(pid, "netlink")) found.set(inode, `netlink ${family}`);
  for (const [, , , , , , inode = "", path = ""] of rowsOf(pid, "unix")) found.set(inode, `unix ${path}`.trim());
  for (const kind of ["udp", "udp6", "tcp", "tcp6"]) {
    for (const row of rowsOf(pid, kind)) {
      const what = kind.startsWith("udp") ? "udp" : `tcp ${port(row[1])}`;
      found.set(row[9] ?? "", what);
    }
  }
  return found;
}

/** Undefined where the descriptor was closed meanwhile. */
function linkOf(pid: number, fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return undefined;
  }
}

export function socketsOf(pid: number, interfaces: Interfaces): Map<Inode, string> {
  const names = named(pid, interfaces);
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(pid, fd) ?? "");
  const inodes = links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
  return new Map(inodes.map((inode) => [inode, names.get(inode) ?? "another"]));
}

/** Returns the sockets that were opened or closed in between, each kind once. */
export function changedSockets(before: ReadonlyMap<Inode, string>, after: ReadonlyMap<Inode, string>): string[] {
  const gone = [...before].filter(([inode]) => !after.has(inode));
  const come = [...after].filter(([inode]) => !before.has(inode));
  return [...new Set([...gone, ...come].map(([, what]) => what))].sort();
}
