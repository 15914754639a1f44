// Parsers for control group files of v1 and v2: keyed statistics, block I/O, limits, and the groups of a process.
// See cgroups(7), kernel cgroup-v1 and cgroup-v2 documentation.

/** Parses `key value` lines: cpu.stat, memory.stat, memory.events, cgroup.events, cpuacct.stat. Skips other lines. */
export function parseKeyed(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split("\n")) {
    const space = line.indexOf(" ");
    if (space <= 0) continue;
    const value = Number(line.slice(space + 1));
    if (Number.isFinite(value)) values.set(line.slice(0, space), value);
  }
  return values;
}

/** Returns the value of one key of such a file, or undefined if the key is missing. */
export function parseKey(text: string, key: string): number | undefined {
  const line = `${key} `;
  const at = text.startsWith(line) ? 0 : text.indexOf(`\n${line}`) + 1;
  return at === 0 && !text.startsWith(line)
    ? undefined
    : parseNumber(text.slice(at + line.length, at + line.length + 20));
}

/** Parses a limit. Returns undefined for "max", for no text, and for no limit in v1, which is a page less than 2^63. */
export function parseLimit(text: string | undefined): number | undefined {
  const value = parseNumber(text);
  return value === undefined || value >= 0x7fff_ffff_ffff_0000 ? undefined : value;
}

/** Parses a file of one whole number. Returns undefined for any other text. */
export function parseNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d/.test(text)) return undefined;
  return Number.parseInt(text, 10);
}

export interface BlockIo {
  readonly rd_req: number;
  readonly rd_bytes: number;
  readonly wr_req: number;
  readonly wr_bytes: number;
}

const IO_STAT: Readonly<Record<string, keyof BlockIo>> = {
  rbytes: "rd_bytes",
  wbytes: "wr_bytes",
  rios: "rd_req",
  wios: "wr_req",
};

/**
 * Parses io.stat of v2, a line `254:0 rbytes=1 wbytes=2 rios=3 ...` per device. Returns I/O by device number. Some
 * kernels write the numbers of devices without I/O in front of such a line.
 */
export function parseIoStat(text: string): ReadonlyMap<string, BlockIo> {
  const found = new Map<string, BlockIo>();
  for (const line of text.split("\n")) {
    const [device] = line.match(/\b\d+:\d+(?= \w+=)/) ?? [];
    if (device === undefined) continue;
    const io = { rd_req: 0, rd_bytes: 0, wr_req: 0, wr_bytes: 0 };
    for (const [, key, value] of line.matchAll(/\b(\w+)=(\d+)/g)) {
      const field = IO_STAT[key ?? ""];
      if (field !== undefined) io[field] = Number(value);
    }
    found.set(device, io);
  }
  return found;
}

/**
 * Parses blkio.*.io_service_bytes and io_serviced of v1, lines `254:0 Read 1` per device and operation. Returns Read
 * and Write by device number.
 */
export function parseBlkio(text: string): ReadonlyMap<string, { readonly read: number; readonly write: number }> {
  const found = new Map<string, { read: number; write: number }>();
  for (const [, device = "", operation, value] of text.matchAll(/^(\d+:\d+) (Read|Write) (\d+)$/gm)) {
    const io = found.get(device) ?? { read: 0, write: 0 };
    io[operation === "Read" ? "read" : "write"] = Number(value);
    found.set(device, io);
  }
  return found;
}

/** Parses /proc/PID/cgroup. Returns the path of the group by controller of v1; "" is the key of the v2 group. */
export function parseProcCgroup(text: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    for (const controller of controllers.split(",")) paths.set(controller, path);
  }
  return paths;
}

/** Parses cgroup.procs. Returns process ids. Skips processes of other PID namespaces, which read as 0. */
export function parseProcs(text: string): readonly number[] {
  return text
    .split("\n")
    .map(Number)
    .filter((pid) => pid > 0);
}
