// The flags of the agent itself: hsflowd's letters as getopt(3) reads them, each with a long name beside it.

import { parseInteger } from "../config/number.ts";
import { parseUuid } from "../config/uuid.ts";

export interface Flag {
  /** None for a name that hsflowd does not know. */
  readonly letter?: string;
  readonly name: string;
  readonly help: string;
  /** What the argument is; none for a switch. */
  readonly argument?: string;
  readonly default?: string;
}

export const flags: readonly Flag[] = [
  { letter: "d", name: "debug", help: "stay in the foreground and log to stdout; once more for each level of detail" },
  { letter: "v", name: "version", help: "print the version" },
  { letter: "P", name: "keep-privileges", help: "keep root, or the capabilities given" },
  { letter: "p", name: "pid-file", argument: "FILE", help: "file for the process id", default: "/var/run/hsflowd.pid" },
  { letter: "f", name: "config", argument: "FILE", help: "configuration", default: "/etc/hsflowd.conf" },
  { letter: "F", name: "debug-file", argument: "FILE", help: "lines MODULE=LEVEL, read again when they change" },
  { letter: "l", name: "modules", argument: "DIR", help: "accepted and without effect: modules are part of the agent" },
  { letter: "o", name: "output-file", argument: "FILE", help: "settings in force", default: "/etc/hsflowd.auto" },
  { letter: "c", name: "crash-file", argument: "FILE", help: "file for the stack of a bug, which the log has too" },
  { letter: "D", name: "log-file", argument: "FILE", help: "log to this file, with -d" },
  {
    letter: "L",
    name: "log-bytes",
    argument: "BYTES",
    help: "size at which the log file takes no more",
    default: "10000000",
  },
  { letter: "M", name: "memory-bytes", argument: "BYTES", help: "end with code 1 when more memory is resident" },
  { letter: "u", name: "uuid", argument: "UUID", help: "identity of this host" },
  { letter: "m", name: "machine-id", argument: "HEX", help: "what the identity is made of where there is no other" },
  {
    name: "control-socket",
    argument: "FILE",
    help: "where commands ask the running agent",
    default: "/run/hsflowd/hsflowd.sock",
  },
  {
    name: "state-file",
    argument: "FILE",
    help: "numbers to go on with after a restart",
    default: "/run/hsflowd/state",
  },
  { name: "replay", argument: "FILE", help: "packets from this pcap file instead of the interfaces" },
  { letter: "h", name: "help", help: "print this help" },
];

export interface RunOptions {
  /** How many -d: 0 is a daemon. */
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
  /** 16 bytes each. */
  readonly uuid: Uint8Array | undefined;
  readonly machineId: Uint8Array | undefined;
  readonly controlSocket: string;
  readonly stateFile: string;
  /** A pcap file to take packets from instead of the interfaces. */
  readonly replay: string | undefined;
}

/** What the person at the keyboard got wrong, in words. */
export class UsageError extends Error {
  override name = "UsageError";
}

/**
 * `-f FILE`, `-fFILE`, `-ddP` as `--config=FILE`, `--debug`, `--debug`, `--keep-privileges`; long words stay as they
 * are.
 */
export function expandLetters(argv: readonly string[]): string[] {
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    if (word === "--") return [...words, ...argv.slice(i)];
    if (!/^-[^-]/.test(word)) words.push(word);
    else if (expandWord(word, argv[i + 1], words)) i++;
  }
  return words;
}

/** True where the next word was the argument of the last letter. */
function expandWord(word: string, next: string | undefined, into: string[]): boolean {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] === "?" ? "h" : word[at];
    const flag = flags.find((known) => known.letter === letter);
    if (flag === undefined) throw new UsageError(`unknown flag -${letter}`);
    if (flag.argument === undefined) {
      into.push(`--${flag.name}`);
      continue;
    }
    const glued = word.slice(at + 1);
    if (glued === "" && next === undefined) throw new UsageError(`-${letter} wants ${flag.argument}`);
    into.push(`--${flag.name}=${glued === "" ? next : glued}`);
    return glued === "";
  }
  return false;
}

/** Values by long name: how often for a switch, the last one otherwise. */
export type FlagValues = ReadonlyMap<string, string | number>;

/** Undefined where there is more than letters: names that a person typed, or a command. */
export function readLetters(argv: readonly string[]): FlagValues | undefined {
  if (argv.some((word) => word.startsWith("--"))) return undefined;
  const values = new Map<string, string | number>();
  for (const word of expandLetters(argv)) {
    const [, name = "", argument] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === "") return undefined;
    values.set(name, argument ?? Number(values.get(name) ?? 0) + 1);
  }
  return values;
}

function bytes(values: FlagValues, name: string): number | undefined {
  const text = textOf(values, name);
  const value = text === undefined ? undefined : parseInteger(text);
  if (text !== undefined && value === undefined)
    throw new UsageError(`--${name} wants a number of bytes, not "${text}"`);
  return value;
}

function identity(values: FlagValues, name: string): Uint8Array | undefined {
  const text = textOf(values, name);
  const value = text === undefined ? undefined : parseUuid(text);
  if (text !== undefined && value === undefined)
    throw new UsageError(`--${name} wants 32 hexadecimal digits, not "${text}"`);
  return value;
}

function textOf(values: FlagValues, name: string): string | undefined {
  const value = values.get(name) ?? flags.find((flag) => flag.name === name)?.default;
  return value === undefined ? undefined : String(value);
}

/** Throws UsageError. */
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
    replay: textOf(values, "replay"),
  };
}
