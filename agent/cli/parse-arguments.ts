// Parses the command line. A command line with letters only is parsed here; commands, long names and help need yargs.

import type { Argv } from "yargs";
import { nearestWord } from "../config/nearest.ts";
import { argumentText, type Command, type CommandFlag, commandList, commandName, findCommand } from "./command-list.ts";
import {
  expandLetters,
  type FlagValues,
  flags,
  type RunOptions,
  readLetters,
  runOptions,
  UsageError,
} from "./flags.ts";
import { usageLines } from "./usage.ts";

export type Format = "text" | "json";

/** The agent and the configuration file that a command examines. */
export interface Where {
  /** The configuration file; undefined for the file of the running agent or, without an agent, the default file. */
  readonly configFile: string | undefined;
  readonly controlSocket: string;
}

export interface DecodeOptions {
  /**
   * Path of a file with packets (pcap), hex digits or a datagram; `-` for stdin; undefined to listen on the network.
   */
  readonly file: string | undefined;
  readonly format: Format;
  /** UDP port to listen on, or UDP port of the packets in the pcap file. */
  readonly port: number;
  /** `ADDRESS`, `PORT` or `ADDRESS:PORT` to listen on; undefined for `port` on all addresses. */
  readonly listen: string | undefined;
  /** Prints also the names of enumerated values, with keys that end in `_name`. */
  readonly names: boolean;
}

export type Invocation =
  | { readonly command: "run"; readonly options: RunOptions }
  | {
      readonly command: "check";
      readonly file: string;
      readonly format: Format;
      /** Prints every setting with its value and origin. */
      readonly dump: boolean;
    }
  | ({ readonly command: "decode" } & DecodeOptions)
  | { readonly command: "status"; readonly controlSocket: string; readonly format: Format; readonly all: boolean }
  | { readonly command: "reload"; readonly controlSocket: string }
  | {
      readonly command: "explain";
      /** Name of an interface, or `agent` for the agent address. */
      readonly subject: string;
      readonly where: Where;
      readonly format: Format;
    }
  | { readonly command: "doctor"; readonly where: Where; readonly format: Format }
  | {
      readonly command: "demo";
      readonly replay: string | undefined;
      readonly interface: string | undefined;
      readonly once: boolean;
    }
  | { readonly command: "version" }
  /** Prints the usage, or else the problem of the command line. */
  | {
      readonly command: "usage";
      readonly lines: readonly string[];
      /** The command that it is about; undefined for the whole program. */
      readonly about: string | undefined;
      readonly problem: string | undefined;
      readonly exitCode: 0 | 1;
    };

/**
 * Defines a flag for the parser, which gets no letters: they are replaced by names before. Flags of the agent have no
 * default here, so that a command knows which of them were typed.
 */
function defineFlag(reader: Argv, { name, argument, default: value }: CommandFlag): Argv {
  if (argument === undefined) return reader.option(name, { count: true });
  const kind = typeof argument === "string" ? ({ type: "string" } as const) : { choices: argument };
  return reader.option(name, { ...kind, requiresArg: true, ...(value === undefined ? {} : { default: value }) });
}

function define(reader: Argv): Argv {
  reader.scriptName("hsflowd").help(false).version(false);
  for (const { usage, flags: own } of commandList) {
    reader.command(usage, "", (command) => own.reduce(defineFlag, command));
  }
  return flags
    .map(({ default: _, ...flag }) => flag)
    .reduce(defineFlag, reader)
    .parserConfiguration({
      "strip-aliased": true,
      "duplicate-arguments-array": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "boolean-negation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
    })
    .strict();
}

interface CommandLine {
  readonly command: string;
  readonly values: FlagValues;
}

const COMMANDS = commandList.map(commandName);

const commandOf = (argv: readonly string[]): Command | undefined =>
  findCommand(argv.find((argument) => COMMANDS.includes(argument)));

/** Words a message of yargs as the user typed the argument, and proposes the nearest known name. */
function usageError(message: string, argv: readonly string[]): UsageError {
  const command = commandOf(argv);
  const known: readonly CommandFlag[] = [...(command?.flags ?? []), ...flags];
  if (message.startsWith("Not enough non-option")) return new UsageError(`missing argument: ${command?.argument}`);
  const [, bare] = /^Not enough arguments following: (.+)/.exec(message) ?? [];
  if (bare !== undefined) {
    const argument = known.find(({ name }) => name === bare)?.argument ?? "";
    return new UsageError(`--${bare} needs an argument: ${argumentText(argument)}`);
  }
  const [, flag, given, choices] = /Argument: (.+), Given: (".*"), Choices: (.+)/.exec(message) ?? [];
  if (flag !== undefined) return new UsageError(`--${flag} expects one of ${choices}, not ${given}`);
  const [, unknown] = /^Unknown (?:arguments?|commands?): ([^,]+)/.exec(message) ?? [];
  if (unknown === undefined) return new UsageError(message.split(/\s*\n\s*/).join(" "));
  const isFlag = argv.some((argument) => argument.split("=")[0] === `--${unknown}`);
  const names = isFlag ? known.map(({ name }) => name) : command === undefined ? COMMANDS : [];
  const [nearest, dashes] = [nearestWord(unknown, names), isFlag ? "--" : ""];
  const proposal = nearest === undefined ? "" : `; did you mean ${dashes}${nearest}?`;
  return new UsageError(`unknown argument: ${dashes}${unknown}${proposal}`);
}

/**
 * Loads yargs only if needed. Loading takes 13 ms bundled and 45 ms from source, which the start of a daemon can save.
 */
async function readWithYargs(argv: readonly string[]): Promise<CommandLine> {
  const { default: yargs } = await import("yargs");
  const reader = define(yargs()).exitProcess(false);
  reader.fail((message: string | null, error?: Error) => {
    throw usageError(message ?? error?.message ?? "invalid command line", argv);
  });
  const {
    _: [command = "run"],
    $0: _program,
    ...rest
  } = await reader.parseAsync(expandLetters(argv));
  const given = Object.entries(rest).filter(([, value]) => value !== undefined && value !== 0 && value !== false);
  const values = new Map(given as [string, string | number][]);
  // yargs reads a lone - as a flag without a value.
  if (rest["file"] === true) values.set("file", "-");
  return { command: String(command), values };
}

function portOf(values: FlagValues): number {
  const port = Number(values.get("port"));
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UsageError(`--port expects a port from 1 to 65535, not "${values.get("port")}"`);
}

const textOf = (values: FlagValues, name: string): string | undefined => values.get(name)?.toString();

function invocation({ command, values }: CommandLine): Invocation {
  const file = textOf(values, "file");
  const format = values.get("format") === "json" ? "json" : "text";
  if (values.has("version")) return { command: "version" };
  if (command === "check")
    return { command, file: file ?? runOptions(values).configFile, format, dump: values.has("dump") };
  if (command === "decode") {
    const listen = textOf(values, "listen");
    return { command, file, format, port: portOf(values), listen, names: values.has("names") };
  }
  const { controlSocket } = runOptions(values);
  const where = { configFile: textOf(values, "config"), controlSocket };
  if (command === "explain") return { command, subject: textOf(values, "subject") ?? "", where, format };
  if (command === "doctor") return { command, where, format };
  if (command === "status") return { command, controlSocket, format, all: values.has("all") };
  if (command === "reload") return { command, controlSocket };
  if (command === "demo") {
    const [replay, name] = [textOf(values, "replay"), textOf(values, "interface")];
    return { command, replay, interface: name, once: values.has("once") };
  }
  return { command: "run", options: runOptions(values) };
}

/**
 * Parses the arguments without the program's name. Never rejects: for a mistake, returns `usage` with a problem.
 * `width` is that of the usage, in columns.
 */
export async function parseArguments(argv: readonly string[], width = 80): Promise<Invocation> {
  try {
    if (expandLetters(argv).includes("--help")) {
      const about = commandOf(argv);
      return {
        ...{ command: "usage", lines: usageLines(about, width), about: about?.usage },
        ...{ problem: undefined, exitCode: 0 },
      };
    }
    const values = readLetters(argv);
    return invocation(values === undefined ? await readWithYargs(argv) : { command: "run", values });
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    return { command: "usage", lines: [], about: undefined, problem: cause.message, exitCode: 1 };
  }
}
