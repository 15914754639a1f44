// The filter of system calls, run by a small interpreter of classic BPF, and the rules for files and ports.

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessOf } from "../../agent/process/confinement/access.ts";
import { makeRuleset } from "../../agent/process/confinement/landlock.ts";
import { type Architecture, seccompFilter } from "../../agent/process/confinement/seccomp-filter.ts";
import { systemCalls } from "../../agent/process/confinement/system-calls.ts";
import { confinementText } from "../../agent/report/confinement.ts";
import { makeShimError } from "../../native-shim/errno.ts";
import { makeFakeShim } from "../fakes/shim.ts";

const OWN = { pid: 4242, rings: [4, 17], bpf: true, enters: true };
const calls = systemCalls(OWN);
const AUDIT = { x64: 0xc000_003e, arm64: 0xc000_00b7 };
const ALLOW = 0x7fff_0000;
const [EPERM, ENOSYS] = [0x0005_0001, 0x0005_0026];

/** Runs the program on a struct seccomp_data. See linux/filter.h. */
function run(program: Uint8Array, audit: number, number: number, args: readonly number[]): number {
  const words = new Uint32Array(16);
  words.set([number, audit]);
  for (const [i, value] of args.entries()) words[4 + 2 * i] = value;
  const view = new DataView(program.buffer);
  let loaded = 0;
  for (let at = 0; ; at += 8) {
    const [code, k] = [view.getUint16(at, true), view.getUint32(at + 4, true)];
    if (code === 0x06) return k;
    if (code === 0x20) loaded = words[k / 4] ?? 0;
    if (code === 0x54) loaded = (loaded & k) >>> 0;
    if (code === 0x15) at += 8 * view.getUint8(at + (loaded === k ? 2 : 3));
  }
}

const decide = (architecture: Architecture, name: string, ...args: number[]): number => {
  const number = calls.find((call) => call.name === name)?.[architecture] ?? -1;
  return run(seccompFilter(calls, architecture), AUDIT[architecture], number, args);
};

describe("the table of system calls", () => {
  it.each(["x64", "arm64"] as const)("allows at most 80 calls on %s, each once and with a reason", (architecture) => {
    const here = calls.filter((call) => call[architecture] !== undefined);
    // clone3 is in the table for its error: none of its flags is allowed.
    expect(here.filter(({ only }) => only?.values.length !== 0).length).toBeLessThanOrEqual(80);
    expect(new Set(here.map((call) => call[architecture])).size).toBe(here.length);
    expect(here.filter(({ because }) => because === "")).toEqual([]);
  });
});

describe.each(["x64", "arm64"] as const)("the filter on %s", (architecture) => {
  const program = seccompFilter(calls, architecture);

  it("allows every call of the table and fails every other one with EPERM", () => {
    const always = calls.filter(({ only }) => only === undefined);
    for (let number = 0; number < 600; number++) {
      const call = calls.find((each) => each[architecture] === number);
      if (call?.only !== undefined) continue;
      const expected = call !== undefined && always.includes(call) ? ALLOW : EPERM;
      expect([number, run(program, AUDIT[architecture], number, [])]).toEqual([number, expected]);
    }
  });

  it("fails calls of other architectures", () => {
    for (const audit of [0x4000_0003, 0x4000_0028, 0])
      expect(run(program, audit, calls[0]?.[architecture] ?? 0, [])).toBe(EPERM);
    expect(run(program, AUDIT[architecture], 0x4000_0000, [])).toBe(EPERM);
  });

  it.each<[name: string, args: number[], expected: number]>([
    ["socket", [2, 1], ALLOW],
    ["socket", [17, 3], ALLOW],
    ["socket", [40, 1], EPERM],
    ["setns", [9, 0x4000_0000], ALLOW],
    ["setns", [9, 0], EPERM],
    ["setns", [9, 0x4002_0000], EPERM],
    ["clone", [0x003d_0f00], ALLOW],
    ["clone", [0], ALLOW],
    ["clone", [0x11], EPERM],
    ["clone", [0x003d_0f00 | 0x1000_0000], EPERM],
    ["clone3", [0, 88], ENOSYS],
    ["tgkill", [4242, 4243, 6], ALLOW],
    ["tgkill", [1, 1, 9], EPERM],
    ["ioctl", [3, 0x8927], ALLOW],
    ["ioctl", [0, 0x5412], EPERM],
    ["prctl", [15], ALLOW],
    ["prctl", [4, 1], EPERM],
    ["io_uring_enter", [17], ALLOW],
    ["io_uring_enter", [5], EPERM],
  ])("decides by the arguments of %s %j", (name, args, expected) => {
    expect(decide(architecture, name, ...args)).toBe(expected);
  });
});

describe("the ruleset for files and ports", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hsflowd-confine-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const options = {
    configFile: "",
    debugFile: undefined,
    logFile: undefined,
    outputFile: "/dev/null",
    replay: undefined,
  };

  it("has the folder of the configuration, and of the file to which it is a link", () => {
    writeFileSync(join(folder, "real"), "");
    symlinkSync(join(folder, "real"), join(folder, "link"));
    const { read } = accessOf(
      { ...options, configFile: join(folder, "link"), replay: "/srv/x.pcap" },
      "/usr/lib/h/h.js",
    );
    expect(read).toEqual(expect.arrayContaining(["/proc", "/etc", folder, "/srv/x.pcap"]));
  });

  it("has the files that blocks read, such as a named pipe in /tmp", () => {
    expect(accessOf(options, "/usr/lib/h/h.js", [], ["/tmp/pipe"]).read).toContain("/tmp/pipe");
  });

  it("leaves out a folder of code that the user cannot enter, because all code was loaded", () => {
    expect(accessOf(options, "/nowhere/dist/hsflowd.js").read.filter((path) => path.startsWith("/nowhere"))).toEqual(
      [],
    );
    expect(accessOf(options, join(folder, "dist/hsflowd.js")).read).toContain(folder);
  });

  it("has the folders of written files, and nothing else to write", () => {
    const { write } = accessOf({ ...options, outputFile: "/srv/auto", logFile: "/srv/log/log" }, "/usr/lib/h/h.js");
    expect(write).toEqual(["/run/hsflowd", "/dev/null", "/srv/auto", "/srv", "/srv/log"]);
  });

  it("has the ports of DNS and of Docker, and those that blocks connect to", () => {
    const { ports } = accessOf(options, "/usr/lib/h/h.js", [2375, 4243]);
    expect(ports).toEqual([53, 2375, 2376, 4243]);
  });

  it("grants a file no right of folders, and ignores what does not exist", () => {
    const shim = makeFakeShim();
    const ruleset = makeRuleset(shim, { read: ["/proc/self/status", "/nowhere"], write: [folder], ports: [53] });
    const rights = shim.rules.map((rule) => Number(new DataView(rule.buffer).getBigUint64(0, true)));
    expect(rights).toEqual([0x4, 0x410e, 0x2]);
    expect(ruleset.ports).toBe(true);
  });

  it("handles what an older kernel can handle, and throws without Landlock", () => {
    const shim = makeFakeShim();
    const asked: number[] = [];
    shim.ruleset = (attributes) => {
      asked.push(attributes.length);
      if (asked.length < 4) throw makeShimError(asked.length < 3 ? -7 : -22, "landlock_create_ruleset");
      return 3;
    };
    const ruleset = makeRuleset(shim, { read: [], write: [folder], ports: [53] });
    expect([asked, ruleset.ports, shim.rules.length]).toEqual([[16, 16, 8, 8], false, 1]);
    shim.ruleset = () => {
      throw makeShimError(-38, "landlock_create_ruleset");
    };
    expect(() => makeRuleset(shim, { read: [], write: [], ports: [] })).toThrow("ENOSYS");
  });
});

it("is described in one line", () => {
  expect(confinementText({ note: "--unconfined" })).toBe("not confined: --unconfined");
  expect(confinementText({ systemCalls: 79, files: true, ports: [53] })).toBe(
    "confined to 79 system calls, its own files, TCP ports 53",
  );
  expect(confinementText({ systemCalls: 79, files: false, note: "files are not restricted: -P" })).toBe(
    "confined to 79 system calls; files are not restricted: -P",
  );
});
