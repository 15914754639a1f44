// Control group files of v1 and v2, as kernels print them.

import { describe, expect, it } from "vitest";
import {
  parseBlkio,
  parseIoStat,
  parseKey,
  parseKeyed,
  parseLimit,
  parseNumber,
  parseProcCgroup,
  parseProcs,
} from "../../agent/proc/cgroup.ts";

describe("keyed files", () => {
  it("reads cpu.stat and skips values that are not numbers", () => {
    const values = parseKeyed("usage_usec 1234567\nuser_usec 1000\nnonsense\nlocal max\n\n");
    expect([...values]).toEqual([
      ["usage_usec", 1234567],
      ["user_usec", 1000],
    ]);
  });
});

describe("one key of a keyed file", () => {
  it("is found in any line, and only by its whole name", () => {
    const text = "inactive_file 7\nfile 8\ntotal_inactive_file 1234567890123\n";
    expect(parseKey(text, "inactive_file")).toBe(7);
    expect(parseKey(text, "file")).toBe(8);
    expect(parseKey(text, "total_inactive_file")).toBe(1234567890123);
    expect(parseKey(text, "total")).toBeUndefined();
    expect(parseKey("", "file")).toBeUndefined();
  });
});

describe("limits", () => {
  it("recognises no limit in v1 and v2", () => {
    expect(parseLimit("max\n")).toBeUndefined();
    expect(parseLimit("9223372036854771712\n")).toBeUndefined();
    expect(parseLimit("9223372036854710272\n")).toBeUndefined();
    expect(parseLimit(undefined)).toBeUndefined();
    expect(parseLimit("536870912\n")).toBe(536870912);
  });

  it("reads a number, and undefined from any other text", () => {
    expect(parseNumber("33955709\n")).toBe(33955709);
    expect(parseNumber("")).toBeUndefined();
  });
});

describe("block I/O", () => {
  it("reads io.stat by device and ignores keys it does not need", () => {
    const text = "254:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n8:0 rbytes=1 wbytes=2 rios=3 wios=4\n";
    expect([...parseIoStat(text)]).toEqual([
      ["254:0", { rd_req: 1, rd_bytes: 4096, wr_req: 2, wr_bytes: 8192 }],
      ["8:0", { rd_req: 3, rd_bytes: 1, wr_req: 4, wr_bytes: 2 }],
    ]);
  });

  it("skips devices without I/O in io.stat, on a line of their own or in front of another", () => {
    const text = "253:64 \n253:48 \n7:7 7:6 7:5 8:0 rbytes=1 wbytes=2 rios=3 wios=4\n";
    expect([...parseIoStat(text)]).toEqual([["8:0", { rd_req: 3, rd_bytes: 1, wr_req: 4, wr_bytes: 2 }]]);
    expect(parseIoStat("").size).toBe(0);
  });

  it("reads blkio by device without its totals", () => {
    const text =
      "254:0 Read 4096\n254:0 Write 0\n254:0 Sync 4096\n254:0 Total 4096\n8:0 Read 1\n8:0 Write 7\nTotal 4104\n";
    expect([...parseBlkio(text)]).toEqual([
      ["254:0", { read: 4096, write: 0 }],
      ["8:0", { read: 1, write: 7 }],
    ]);
    expect(parseBlkio("Total 0\n").size).toBe(0);
  });
});

describe("membership", () => {
  it("finds the path of each controller and of the unified hierarchy", () => {
    const paths = parseProcCgroup("9:name=systemd:/docker/ab\n2:cpu,cpuacct:/docker/ab\n0::/docker/ab:c\n");
    expect(paths.get("cpuacct")).toBe("/docker/ab");
    expect(paths.get("")).toBe("/docker/ab:c");
  });

  it("lists processes", () => {
    expect(parseProcs("12\n0\n34\n")).toEqual([12, 34]);
    expect(parseProcs("")).toEqual([]);
  });
});
