// The flags of the agent. They have the letters of hsflowd, which are parsed as by getopt(3), and long names.

import { parseInteger } from "../config/number.ts";
import { parseUuid } from "../config/uuid.ts";
import { type CommandFlag, findCommand } from "./command-list.ts";

export interface Flag {
  /** The letter; absent for a flag that hsflowd does not have. */
  readonly letter?: string;
  readonly name: string;
  readonly help: string;
  /** Placeholder of the argument; absent for a switch. */
  readonly argument?: string;
  readonly default?: string;
}

export const flags: readonly Flag[] = [
  { letter: "d", name: "debug", help: "stay in the foreground and log to stdout; repeat for more detail" },
  { letter: "v", name: "version", help: "print the version" },
  { letter: "P", name: "keep-privileges", help: "do not drop root or capabilities" },
  { letter: "p", name: "pid-file", argument: "FILE", help: "file for the process id", default: "/var/run/hsflowd.pid" },
  { letter: "f", name: "config", argument: "FILE", help: "configuration file", default: "/etc/hsflowd.conf" },
  {
    letter: "F",
    name: "debug-file",
    argument: "FILE",
    help: "file of debug levels, lines MODULE=LEVEL; read again on change",
  },
  { letter: "l", name: "modules", argument: "DIR", help: "accepted, but ignored: all modules are part of the agent" },
  {
    letter: "o",
    name: "output-file",
    argument: "FILE",
    help: "write the settings in force to this file",
    default: "/etc/hsflowd.auto",
  },
  { letter: "c", name: "crash-file", argument: "FILE", help: "append the stack of a crash to this file, too" },
  { letter: "D", name: "log-file", argument: "FILE", help: "log to this file, with -d" },
  {
    letter: "L",
    name: "log-bytes",
    argument: "BYTES",
    help: "stop writing the log file at this size",
    default: "10000000",
  },
  {
    letter: "M",
    name: "memory-bytes",
    argument: "BYTES",
    help: "exit with code 1 when resident memory exceeds BYTES",
  },
  { letter: "u", name: "uuid", argument: "UUID", help: "UUID of this host" },
  {
    letter: "m",
    name: "machine-id",
    argument: "HEX",
    help: "derive the UUID from this machine id, if there is no other",
  },
  {
    name: "control-socket",
    argument: "FILE",
    help: "socket on which commands ask the running agent",
    default: "/run/hsflowd/hsflowd.sock",
  },
  {
    name: "state-file",
    argument: "FILE",
    help: "file with the sequence numbers to continue",
    default: "/run/hsflowd/state",
  },
  { name: "allow-second", help: "run beside another agent that sends with the same agent address or state file" },
  { name: "unconfined", help: "do not restrict system calls (seccomp), files and TCP ports (Landlock)" },
  { name: "replay", argument: "FILE", help: "take packets from this pcap file instead of the interfaces" },
  { letter: "h", name: "help", help: "print this help" },
];

export interface RunOptions {
  /** Number of -d flags; 0 to run as a daemon. */
  readonly debug: number;
  readonly keepPrivileges: boolean;
  readonly pidFile: string;
  readonly configFile: string;
  readonly outputFile: string;
  readonly debugFile: string | undefined;
  readonly crashFile: string | undefined;
  readonly logFile: string | undefined;
  readonly logBytes: number;
  readonly memoryBytes: number | undefined;
  /** UUID of this host, 16 bytes. */
  readonly uuid: Uint8Array | undefined;
  readonly machineId: Uint8Array | undefined;
  readonly controlSocket: string;
  readonly stateFile: string;
  /** Run even if another agent sends as the same one, or writes the same state file. */
  readonly allowSecond?: boolean | undefined;
  /** Restrict neither system calls nor files. */
  readonly unconfined?: boolean | undefined;
  /** Path of a pcap file to take packets from, instead of the interfaces. */
  readonly replay: string | undefined;
}

/** A mistake on the command line. The message is for the user. */
export class UsageError extends Error {
  override name = "UsageError";
}

type Letter = Pick<CommandFlag, "letter" | "name" | "argument">;

/**
 * Replaces letters by long names: `-f FILE` or `-fFILE` by `--config=FILE`, `-dP` by `--debug --keep-privileges`. After
 * a command, its own letters come before those of the agent.
 */
export function expandLetters(argv: readonly string[]): string[] {
  const long: string[] = [];
  let known: readonly Letter[] = flags;
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? "";
    if (argument === "--") return [...long, ...argv.slice(i)];
    if (/^-[^-]/.test(argument)) {
      if (expandGroup(argument, argv[i + 1], known, long)) i++;
      continue;
    }
    long.push(argument);
    known = [...(findCommand(argument)?.flags ?? []), ...known];
  }
  return long;
}

/**
 * Adds the flags of a group of letters such as `-dPf` to `into`. Returns true if `next` is the value of the last one.
 */
function expandGroup(group: string, next: string | undefined, known: readonly Letter[], into: string[]): boolean {
  for (let at = 1; at < group.length; at++) {
    const letter = group[at] === "?" ? "h" : group[at];
    const flag = known.find((flag) => flag.letter === letter);
    if (flag === undefined) throw new UsageError(`unknown flag -${letter}`);
    if (flag.argument === undefined) {
      into.push(`--${flag.name}`);
      continue;
    }
    const glued = group.slice(at + 1);
    if (glued === "" && next === undefined) throw new UsageError(`-${letter} needs an argument: ${flag.argument}`);
    into.push(`--${flag.name}=${glued === "" ? next : glued}`);
    return glued === "";
  }
  return false;
}

/** Values by long name: the number of occurrences of a switch, the last value of any other flag. */
export type FlagValues = ReadonlyMap<string, string | number>;

/** Parses a command line that has only letters. Returns undefined if it has long names or a command. */
export function readLetters(argv: readonly string[]): FlagValues | undefined {
  if (argv.some((argument) => argument.startsWith("--"))) return undefined;
  const values = new Map<string, string | number>();
  for (const long of expandLetters(argv)) {
    const [, name = "", argument] = /^--([^=]+)(?:=(.*))?$/s.exec(long) ?? [];
    if (name === "") return undefined;
    values.set(name, argument ?? Number(values.get(name) ?? 0) + 1);
  }
  return values;
}

function bytes(values: FlagValues, name: string): number | undefined {
  const text = textOf(values, name);
  const value = text === undefined ? undefined : parseInteger(text);
  if (text !== undefined && value === undefined)
    throw new UsageError(`--${name} expects a number of bytes, not "${text}"`);
  return value;
}

function identity(values: FlagValues, name: string): Uint8Array | undefined {
  const text = textOf(values, name);
  const value = text === undefined ? undefined : parseUuid(text);
  if (text !== undefined && value === undefined)
    throw new UsageError(`--${name} expects 32 hexadecimal digits, not "${text}"`);
  return value;
}

function textOf(values: FlagValues, name: string): string | undefined {
  const value = values.get(name) ?? flags.find((flag) => flag.name === name)?.default;
  return value === undefined ? undefined : String(value);
}

/** Converts the values and fills in defaults. Throws UsageError for an invalid value. */
export function runOptions(values: FlagValues): RunOptions {
  return {
    debug: Number(values.get("debug") ?? 0),
    keepPrivileges: values.has("keep-privileges"),
    pidFile: textOf(values, "pid-file") ?? "",
    configFile: textOf(values, "config") ?? "",
    outputFile: textOf(values, "output-file") ?? "",
    debugFile: textOf(values, "debug-file"),
    crashFile: textOf(values, "crash-file"),
    logFile: textOf(values, "log-file"),
    logBytes: bytes(values, "log-bytes") ?? 0,
    memoryBytes: bytes(values, "memory-bytes"),
    uuid: identity(values, "uuid"),
    machineId: identity(values, "machine-id"),
    controlSocket: textOf(values, "control-socket") ?? "",
    stateFile: textOf(values, "state-file") ?? "",
    allowSecond: values.has("allow-second") || undefined,
    unconfined: values.has("unconfined") || undefined,
    replay: textOf(values, "replay"),
  };
}
