// /proc/diskstats of kernels from 2.6 to now.

import { expect, it } from "vitest";
import { parseDiskstats } from "../../agent/proc/diskstats.ts";
import { hostTree } from "../fakes/files.ts";

const read = (host: string) => parseDiskstats(hostTree(host).read("/proc/diskstats") ?? "");

it("reads the columns by position", () => {
  expect(read("mirrored-volumes")[0]).toEqual({
    major: 8,
    minor: 0,
    name: "sda",
    reads: 1000,
    sectorsRead: 8000,
    readTime: 100,
    writes: 2000,
    sectorsWritten: 16000,
    writeTime: 200,
  });
});

it("skips partitions with the four columns of old kernels", () => {
  expect(read("old-kernel").map((row) => row.name)).toEqual(["hda", "hdc"]);
});

it("finds no rows in empty or foreign text", () => {
  expect(parseDiskstats("")).toEqual([]);
  expect(parseDiskstats("8 0 sda a b c d e f g h i j k\n8 0 sda -1 0 0 0 0 0 0 0\n")).toEqual([]);
});
