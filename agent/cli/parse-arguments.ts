// Parses the command line. A command line with letters only is parsed here; commands, long names and help need yargs.

import type { Argv } from "yargs";
import { nearestWord } from "../config/nearest.ts";
import { type Command, type CommandFlag, commandList, commandName } from "./command-list.ts";
import {
  expandLetters,
  type Flag,
  type FlagValues,
  flags,
  type RunOptions,
  readLetters,
  runOptions,
  UsageError,
} from "./flags.ts";

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
  | { readonly command: "status"; readonly controlSocket: string; readonly format: Format }
  | { readonly command: "reload"; readonly controlSocket: string }
  | {
      readonly command: "explain";
      /** Name of an interface, or `agent` for the agent address. */
      readonly subject: string;
      readonly where: Where;
      readonly format: Format;
    }
  | { readonly command: "doctor"; readonly where: Where; readonly format: Format }
  | { readonly command: "demo"; readonly replay: string | undefined }
  | { readonly command: "version" }
  /** Prints the usage. The exit code is 0 for --help. It is 1 for an error, and as in hsflowd for -h and -?. */
  | {
      readonly command: "usage";
      readonly text: string;
      readonly problem: string | undefined;
      readonly exitCode: 0 | 1;
    };

function addFlag(reader: Argv, { name, help, argument, default: value }: CommandFlag): Argv {
  if (argument === undefined) return reader.option(name, { type: "boolean", describe: help });
  const kind = typeof argument === "string" ? ({ type: "string", requiresArg: true } as const) : { choices: argument };
  return reader.option(name, { ...kind, ...(value === undefined ? {} : { default: value }), describe: help });
}

function define(reader: Argv, shown: readonly Flag[]): Argv {
  reader.scriptName("hsflowd").help(false).version(false);
  for (const { name, letter, help, argument, default: value } of shown) {
    const describe = `${argument === undefined ? "" : `${argument}: `}${help}${value === undefined ? "" : ` (${value})`}`;
    const kind = argument === undefined ? ({ count: true } as const) : ({ type: "string", requiresArg: true } as const);
    reader.option(name, { ...kind, ...(letter === undefined ? {} : { alias: letter }), describe });
  }
  for (const { usage, help, flags: own } of commandList) {
    reader.command(usage, help, (command) => own.reduce(addFlag, command));
  }
  return reader
    .usage("hsflowd [flags]\nhsflowd COMMAND [flags]")
    .parserConfiguration({
      "strip-aliased": true,
      "duplicate-arguments-array": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "boolean-negation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
    })
    .strict()
    .wrap(110);
}

interface CommandLine {
  readonly command: string;
  readonly values: FlagValues;
}

const COMMANDS = commandList.map(commandName);

function commandOf(argv: readonly string[]): Command | undefined {
  const name = argv.find((argument) => COMMANDS.includes(argument));
  return commandList.find((command) => commandName(command) === name);
}

/** Turns a message of yargs into one line, and proposes the nearest known name. */
function usageError(message: string, argv: readonly string[]): UsageError {
  if (message.startsWith("Not enough non-option"))
    return new UsageError(`missing argument: ${commandOf(argv)?.argument}`);
  const unknown = /^Unknown arguments?: ([^,]+)/.exec(message)?.[1];
  const own = commandList.flatMap((command) => command.flags);
  const names = [...COMMANDS, ...[...flags, ...own].map(({ name }) => name)];
  const nearest = unknown === undefined ? undefined : nearestWord(unknown, names);
  const line = message.split(/\s*\n\s*/).join(" ");
  return new UsageError(
    `${line.charAt(0).toLowerCase()}${line.slice(1)}${nearest ? `; did you mean ${nearest}?` : ""}`,
  );
}

/**
 * Loads yargs only if needed. Loading takes 13 ms bundled and 45 ms from source, which the start of a daemon can save.
 */
async function readWithYargs(argv: readonly string[]): Promise<CommandLine> {
  const { default: yargs } = await import("yargs");
  const reader = define(yargs(), flags).exitProcess(false);
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

async function usage(argv: readonly string[], problem: string | undefined): Promise<Invocation> {
  const { default: yargs } = await import("yargs");
  const command = commandOf(argv);
  const shown = flags.filter(
    ({ name }) => command === undefined || name === "help" || command.alsoTakes.includes(name),
  );
  const text = await define(yargs(command === undefined ? [] : [commandName(command)]), shown).getHelp();
  const asked = problem === undefined && argv.includes("--help");
  return { command: "usage", text, problem, exitCode: asked ? 0 : 1 };
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
  if (command === "status") return { command, controlSocket, format };
  if (command === "reload") return { command, controlSocket };
  if (command === "demo") return { command, replay: textOf(values, "replay") };
  return { command: "run", options: runOptions(values) };
}

/** Parses the arguments without the program's name. Never rejects: for a mistake, returns `usage` with a problem. */
export async function parseArguments(argv: readonly string[]): Promise<Invocation> {
  try {
    if (expandLetters(argv).includes("--help")) return await usage(argv, undefined);
    const values = readLetters(argv);
    return invocation(values === undefined ? await readWithYargs(argv) : { command: "run", values });
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    return usage(argv, cause.message);
  }
}
