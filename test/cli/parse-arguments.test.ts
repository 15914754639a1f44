// Parses flags as init scripts and service units use them for hsflowd, and all commands.

import { describe, expect, it } from "vitest";
import { commandList, commandName } from "../../agent/cli/command-list.ts";
import { flags, type RunOptions } from "../../agent/cli/flags.ts";
import { type Invocation, parseArguments } from "../../agent/cli/parse-arguments.ts";

const DEFAULTS: RunOptions = {
  debug: 0,
  keepPrivileges: false,
  pidFile: "/var/run/hsflowd.pid",
  configFile: "/etc/hsflowd.conf",
  outputFile: "/etc/hsflowd.auto",
  debugFile: undefined,
  crashFile: undefined,
  logFile: undefined,
  logBytes: 10_000_000,
  memoryBytes: undefined,
  uuid: undefined,
  machineId: undefined,
  controlSocket: "/run/hsflowd/hsflowd.sock",
  stateFile: "/run/hsflowd/state",
  replay: undefined,
};

const run = (options: Partial<RunOptions>): Invocation => ({ command: "run", options: { ...DEFAULTS, ...options } });

const ID = "00112233445566778899aabbccddeeff";
const BYTES = Uint8Array.from(Buffer.from(ID, "hex"));
const decode = {
  command: "decode",
  file: undefined,
  format: "text",
  port: 6343,
  listen: undefined,
  names: false,
} as const;

const accepted: [argv: string, expected: Invocation][] = [
  ["", run({})],
  ["-d", run({ debug: 1 })],
  ["-ddd", run({ debug: 3 })],
  ["-d -d -P", run({ debug: 2, keepPrivileges: true })],
  ["-dPf /tmp/x.conf", run({ debug: 1, keepPrivileges: true, configFile: "/tmp/x.conf" })],
  ["-f/tmp/x.conf", run({ configFile: "/tmp/x.conf" })],
  ["-f a -f b", run({ configFile: "b" })],
  [`-m ${ID} -d`, run({ debug: 1, machineId: BYTES })],
  [`-u 00112233-4455-6677-8899-aabbccddeeff`, run({ uuid: BYTES })],
  [
    "-p /run/p -o /tmp/auto -D /tmp/log -F /tmp/levels",
    run({ pidFile: "/run/p", outputFile: "/tmp/auto", logFile: "/tmp/log", debugFile: "/tmp/levels" }),
  ],
  [
    "-L 5000 -M 64M -c /tmp/crash -l /etc/hsflowd/modules",
    run({ logBytes: 5000, memoryBytes: 64e6, crashFile: "/tmp/crash" }),
  ],
  ["--debug --debug --config=/tmp/x.conf", run({ debug: 2, configFile: "/tmp/x.conf" })],
  ["-dd --config /tmp/x.conf", run({ debug: 2, configFile: "/tmp/x.conf" })],
  ["-d --replay /tmp/x.pcap", run({ debug: 1, replay: "/tmp/x.pcap" })],
  // The file of the running agent, unless one is typed.
  [
    "explain agent",
    {
      ...{ command: "explain", subject: "agent", format: "text" },
      where: { configFile: undefined, controlSocket: DEFAULTS.controlSocket },
    },
  ],
  [
    "doctor -f /tmp/x.conf",
    { command: "doctor", format: "text", where: { configFile: "/tmp/x.conf", controlSocket: DEFAULTS.controlSocket } },
  ],
  ["-v", { command: "version" }],
  ["--version", { command: "version" }],
  ["check", { command: "check", file: "/etc/hsflowd.conf", format: "text", dump: false }],
  ["check /tmp/x.conf --format json", { command: "check", file: "/tmp/x.conf", format: "json", dump: false }],
  ["-f /tmp/x.conf check", { command: "check", file: "/tmp/x.conf", format: "text", dump: false }],
  ["status", { command: "status", controlSocket: DEFAULTS.controlSocket, format: "text", all: false }],
  ["status --all", { command: "status", controlSocket: DEFAULTS.controlSocket, format: "text", all: true }],
  ["decode", decode],
  ["decode 007", { ...decode, file: "007" }],
  [
    "decode x.pcap --format=json --port 16343 --listen ::1",
    { ...decode, file: "x.pcap", format: "json", port: 16343, listen: "::1" },
  ],
  ["decode -p 16343 x.pcap", { ...decode, file: "x.pcap", port: 16343 }],
  ["decode -p16343", { ...decode, port: 16343 }],
  ["-p decode", run({ pidFile: "decode" })],
  ["decode - --names", { ...decode, file: "-", names: true }],
  ["demo", { command: "demo", replay: undefined, interface: undefined, once: false }],
  ["demo --replay x.pcap", { command: "demo", replay: "x.pcap", interface: undefined, once: false }],
  ["demo --once --interface=eth0", { command: "demo", replay: undefined, interface: "eth0", once: true }],
];

const refused: [argv: string, problem: string][] = [
  ["-x", "unknown flag -x"],
  ["-dx", "unknown flag -x"],
  ["-f", "-f needs an argument: FILE"],
  ["-u 1234", '--uuid expects 32 hexadecimal digits, not "1234"'],
  ["-m zz", '--machine-id expects 32 hexadecimal digits, not "zz"'],
  ["-L many", '--log-bytes expects a number of bytes, not "many"'],
  ["--confg x", "unknown argument: --confg; did you mean --config?"],
  ["chek", "unknown argument: chek; did you mean check?"],
  ["statsu", "unknown argument: statsu; did you mean status?"],
  ["check --dmp", "unknown argument: --dmp; did you mean --dump?"],
  ["check a b", "unknown argument: b"],
  ["--config", "--config needs an argument: FILE"],
  ["check --format", "--format needs an argument: text|json"],
  ["decode -p", "-p needs an argument: PORT"],
  ["decode -p 0", '--port expects a port from 1 to 65535, not "0"'],
  ["explain", 'missing argument: an interface, or "agent"'],
  ["check --format xml", '--format expects one of "text", "json", not "xml"'],
  ["decode --port 70000", '--port expects a port from 1 to 65535, not "70000"'],
];

const split = (argv: string): string[] => argv.split(" ").filter((argument) => argument !== "");

describe("parseArguments", () => {
  it.each(accepted)("%s", async (argv, expected) => {
    expect(await parseArguments(split(argv))).toEqual(expected);
  });

  it.each(refused)("%s: %s", async (argv, problem) => {
    expect(await parseArguments(split(argv))).toMatchObject({ command: "usage", problem, exitCode: 1 });
  });

  it("accepts an empty argument", async () => {
    expect(await parseArguments(["-l", "", "-d"])).toEqual(run({ debug: 1 }));
  });

  it.each(["--help", "-h", "-?", "-dh"])("%s shows the usage", async (argv) => {
    const usage = await parseArguments([argv]);
    expect(usage).toMatchObject({ command: "usage", problem: undefined, exitCode: 0 });
    expect(usage).toEqual(await parseArguments(["--help"]));
    expect(usage.command === "usage" && usage.lines.join("\n")).toContain("/etc/hsflowd.conf");
  });

  it.each(commandList)(
    "shows the usage of $usage with its flags, the agent's flags that it takes, and no others",
    async (command) => {
      const usage = await parseArguments([commandName(command), "--help"]);
      expect(usage).toMatchObject({ command: "usage", problem: undefined, exitCode: 0 });
      const shown = (usage.command === "usage" ? usage.lines.join("\n") : "").matchAll(/^ .*?--([\w-]+)/gm);
      const own = command.flags.map(({ name }) => name);
      expect([...shown].map(([, name]) => name).sort()).toEqual([...own, ...command.alsoTakes, "help"].sort());
    },
  );

  it("shows the help text of each command and flag on one line if the terminal is wide", async () => {
    const usage = await parseArguments(["--help"], 200);
    const text = usage.command === "usage" ? usage.lines.join("\n") : "";
    for (const { help } of [...commandList, ...flags]) expect(text).toContain(help);
  });

  it.each([80, 60, 132])("fits a terminal of %i columns, without breaking a word", async (width) => {
    const words = (lines: readonly string[]) => new Set(lines.join(" ").split(/\s+/));
    for (const argv of [[], ...commandList.map((command) => [commandName(command)])]) {
      const [usage, wide] = await Promise.all([width, 1000].map((columns) => parseArguments([...argv, "-h"], columns)));
      if (usage?.command !== "usage" || wide?.command !== "usage") throw new Error("no usage");
      expect(Math.max(...usage.lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      expect(words(usage.lines)).toEqual(words(wide.lines));
    }
  });
});
