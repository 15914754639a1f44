// Parsers of damaged text neither throw nor return NaN or infinity.

import { expect, it } from "vitest";
import { parseCpuMhz } from "../../agent/proc/cpuinfo.ts";
import { parseDiskstats } from "../../agent/proc/diskstats.ts";
import { parseLoadavg } from "../../agent/proc/loadavg.ts";
import { parseMeminfo } from "../../agent/proc/meminfo.ts";
import { parseMountinfo } from "../../agent/proc/mountinfo.ts";
import { parseNetDev } from "../../agent/proc/net-dev.ts";
import { parseNetSnmp } from "../../agent/proc/net-snmp.ts";
import { parseStat } from "../../agent/proc/stat.ts";
import { parseUptime } from "../../agent/proc/uptime.ts";
import { parseVmstat } from "../../agent/proc/vmstat.ts";
import { hostTree } from "../fakes/files.ts";
import { seededRandom } from "../seeded-random.ts";

const PARSERS: readonly (readonly [string, string, (text: string) => unknown])[] = [
  ["virtual-machine", "/proc/loadavg", parseLoadavg],
  ["virtual-machine", "/proc/uptime", parseUptime],
  ["virtual-machine", "/proc/stat", parseStat],
  ["virtual-machine", "/proc/meminfo", parseMeminfo],
  ["virtual-machine", "/proc/vmstat", parseVmstat],
  ["old-kernel", "/proc/cpuinfo", parseCpuMhz],
  ["mirrored-volumes", "/proc/diskstats", parseDiskstats],
  ["mirrored-volumes", "/proc/1/mountinfo", parseMountinfo],
  ["virtual-machine", "/proc/net/snmp", parseNetSnmp],
  ["virtual-machine", "/proc/net/dev", parseNetDev],
];

/** Finds NaN and infinity anywhere in a value. */
function strange(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  if (value instanceof Map) return [...value.values()].some(strange);
  return typeof value === "object" && value !== null && Object.values(value).some(strange);
}

it.each(PARSERS)("parses damaged text of %s %s", (host, path, parse) => {
  const whole = hostTree(host).read(path) ?? "";
  const { below, pick } = seededRandom(7);
  for (let round = 0; round < 200; round++) {
    const at = below(whole.length);
    const cut = whole.slice(0, at) + pick(["", " ", "\n", "x", "-", ":", "9".repeat(20)]) + whole.slice(at + below(30));
    expect(strange(parse(cut)), JSON.stringify(cut.slice(at - 40, at + 40))).toBe(false);
  }
});
