// The state file on a real file system: when sequence numbers are written, and which files are ignored.

import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openState } from "../../agent/process/state-file.ts";
import { makeFakeHost } from "../fakes/host.ts";
import { makeLog } from "../fakes/log.ts";

const BOOT = "/proc/sys/kernel/random/boot_id";
const NAMESPACE = "/proc/self/ns/net";
const STAT = (start: number, state = "S") => `7 (node) ${state} 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${start} 0\n`;

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hsflowd-state-"));
  path = join(folder, "state");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Opens the file as a process of the agent. `texts` replaces files of its /proc. */
function begin(texts: Record<string, string> = {}, namespace = "net:[1]") {
  const host = makeFakeHost({ texts: { [BOOT]: "b-1\n", "/proc/self/stat": STAT(100), ...texts } });
  host.files.links[NAMESPACE] = namespace;
  const log = makeLog();
  const state = openState(host, path, log);
  return { host, log, ...state, lines: log.lines };
}

/** Writes the file of an earlier process that was killed. */
function leave(): void {
  const { numbers } = begin();
  Object.assign(numbers.take("flows 0:3"), { sequence: 7, pool: 2800, drops: 2 });
  Object.assign(numbers.take("counters 3:100001"), { sequence: 4, subject: "abc 100" });
  Object.assign(numbers.take("datagrams 0 192.0.2.1"), { sequence: 0xffff_ffff });
  numbers.keep();
}

const rewrite = (edit: (text: string) => string) => writeFileSync(path, edit(readFileSync(path, "latin1")), "latin1");
const sequence = ({ numbers }: ReturnType<typeof begin>) => numbers.take("flows 0:3").sequence;

describe("sequence numbers", () => {
  it("continue, even if the process before was killed", () => {
    leave();
    const { numbers, lines } = begin();
    expect(numbers.take("flows 0:3")).toMatchObject({ sequence: 7, pool: 2800, drops: 2 });
    expect(numbers.take("counters 3:100001")).toMatchObject({ sequence: 4, subject: "abc 100" });
    expect(numbers.take("datagrams 0 192.0.2.1").sequence).toBe(0xffff_ffff);
    expect(numbers.take("flows 0:4").sequence).toBe(0);
    expect(lines).toEqual([`info: ${path}: continuing sequence numbers of process ${process.pid}`]);
  });

  it("are in the file when `keep` returns, and each changed line is overwritten in place", () => {
    leave();
    const size = statSync(path).size;
    const first = begin();
    first.numbers.take("flows 0:3").sequence++;
    first.numbers.keep();
    expect(statSync(path).size).toBe(size);
    expect(readFileSync(path, "latin1").match(/"sequence": +8,.*"name":"flows 0:3"/g)).toHaveLength(1);
    expect(sequence(begin())).toBe(8);
  });

  it("of a removed data source are deleted, and another data source reuses their line", () => {
    leave();
    const { numbers, close } = begin();
    numbers.giveUp("flows 0:3");
    close();
    const next = begin();
    expect(sequence(next)).toBe(0);
    next.numbers.take("flows 0:9").sequence = 5;
    next.close();
    expect(statSync(path).size).toBe(256 * 5);
    expect(begin().numbers.take("flows 0:9").sequence).toBe(5);
  });

  it("that this process has not used are kept for the next process", () => {
    leave();
    begin().close();
    expect(sequence(begin())).toBe(7);
  });

  it("start again if the name is too long for a line, and others continue", () => {
    const { numbers, close } = begin();
    numbers.take(`counters ${"9".repeat(300)}`).sequence = 3;
    numbers.take("flows 0:3").sequence = 4;
    close();
    const next = begin();
    expect(next.numbers.take(`counters ${"9".repeat(300)}`).sequence).toBe(0);
    expect(sequence(next)).toBe(4);
  });
});

describe("ignores a file", () => {
  const ignored: [why: string, edit: (text: string) => string, says: string][] = [
    ["that is empty", () => "", "is empty"],
    ["with other bytes", () => "\0\u00ff{}", "is damaged"],
    ["with JSON that is not a state", () => "null\n", "is damaged"],
    ["that was cut", (text) => text.slice(0, -100), "is damaged"],
    ["that was cut between lines", (text) => text.slice(0, 256 + 100), "is damaged"],
    ["with a number that is not one", (text) => text.replace(/7(?=,"pool")/, "-"), "is damaged"],
    ["with a number that is too large", (text) => text.replace("2800", "9e99"), "is damaged"],
    ["of another version", (text) => text.replace('"version":1', '"version":2'), "another version of the agent (2)"],
  ];
  it.each(ignored)("%s", (_, edit, says) => {
    leave();
    rewrite(edit);
    const next = begin();
    expect(sequence(next)).toBe(0);
    expect(next.lines).toEqual([expect.stringMatching(/^info: .*: sequence numbers start at 1$/)]);
    expect(next.lines[0]).toContain(says);
  });

  it("from before the last boot, or from another network namespace", () => {
    leave();
    const booted = begin({ [BOOT]: "b-2\n" });
    expect(sequence(booted)).toBe(0);
    expect(booted.lines[0]).toContain("before the last boot");
    booted.close();
    const elsewhere = begin({ [BOOT]: "b-2\n" }, "net:[2]");
    expect(sequence(elsewhere)).toBe(0);
    expect(elsewhere.lines[0]).toContain("another network namespace");
  });

  it("whose lines are all older than ten minutes; of other files, continues the fresh lines", () => {
    leave();
    rewrite((text) => text.replace('"at":      1000', '"at":       399'));
    const next = begin();
    expect(sequence(next)).toBe(0);
    expect(next.numbers.take("counters 3:100001").sequence).toBe(4);
    next.host.clock.advance(10_000);
    leave();
    rewrite((text) => text.replace(/"at": {6}1000/g, '"at":       300'));
    const late = begin();
    expect(late.lines[0]).toContain("is older than 10 minutes");
    expect(sequence(late)).toBe(0);
  });
});

describe("a file that cannot be used", () => {
  it("is not changed if it belongs to a running agent", () => {
    leave();
    rewrite((text) => text.replace(`"pid":${process.pid}`, `"pid":7`.padEnd(6 + String(process.pid).length)));
    const before = readFileSync(path);
    const next = begin({ "/proc/7/stat": STAT(100) });
    expect(sequence(next)).toBe(0);
    next.close();
    expect(readFileSync(path)).toEqual(before);
    expect(next.lines).toEqual([expect.stringMatching(/^warn: .* is in use by process 7; .*--state-file$/)]);
    expect(sequence(begin({ "/proc/7/stat": STAT(101) }))).toBe(7);
  });

  it("is used if the agent that wrote it is a zombie", () => {
    leave();
    rewrite((text) => text.replace(`"pid":${process.pid}`, `"pid":7`.padEnd(6 + String(process.pid).length)));
    expect(sequence(begin({ "/proc/7/stat": STAT(100, "Z") }))).toBe(7);
  });

  it("because its folder is missing does not keep the agent from starting", () => {
    path = join(folder, "none", "state");
    const { numbers, lines, close } = begin();
    numbers.take("flows 0:3").sequence = 1;
    numbers.keep();
    close();
    expect(lines).toEqual([expect.stringContaining("warn: state file: ENOENT")]);
  });

  it("because it cannot be replaced is removed, so that its numbers are not continued later", () => {
    leave();
    const obstacle = `${path}.${process.pid}.tmp`;
    mkdirSync(obstacle);
    expect(sequence(begin())).toBe(0);
    rmdirSync(obstacle);
    expect(sequence(begin())).toBe(0);
  });

  it("is not changed if it is not a regular file", () => {
    symlinkSync("/dev/zero", path);
    expect(begin().lines).toEqual([
      expect.stringContaining("is not a regular file; the next process will start its sequence numbers at 1"),
    ]);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
  });
});
