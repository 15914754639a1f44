// The command line: argv to what is to be done. hsflowd's letters need nothing; commands, long names and help are read
// by yargs.

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

/** Whom to ask. */
export interface Where {
  /** Undefined: the file that the running agent has read, or the usual one. */
  readonly configFile: string | undefined;
  readonly controlSocket: string;
}

export interface DecodeOptions {
  /** A pcap file, hexadecimal digits, or `-` for either on stdin; undefined: datagrams as they arrive. */
  readonly file: string | undefined;
  readonly format: Format;
  /** UDP port: to listen on, or of the packets of a capture. */
  readonly port: number;
  /** `ADDRESS`, `PORT` or `ADDRESS:PORT`; undefined: `port` at every address. */
  readonly listen: string | undefined;
  /** Also the names of enumerated values, under keys that end in `_name`. */
  readonly names: boolean;
}

export type Invocation =
  | { readonly command: "run"; readonly options: RunOptions }
  | {
      readonly command: "check";
      readonly file: string;
      readonly format: Format;
      /** Also every setting as it counts, and where it comes from. */
      readonly dump: boolean;
    }
  | ({ readonly command: "decode" } & DecodeOptions)
  | { readonly command: "status"; readonly controlSocket: string; readonly format: Format }
  | { readonly command: "reload"; readonly controlSocket: string }
  | {
      readonly command: "explain";
      /** An interface, or `agent` for the agent address. */
      readonly subject: string;
      readonly where: Where;
      readonly format: Format;
    }
  | { readonly command: "doctor"; readonly where: Where; readonly format: Format }
  | { readonly command: "demo"; readonly replay: string | undefined }
  | { readonly command: "version" }
  /** Code 0 on stdout where it was asked for by name, 1 on stderr otherwise: hsflowd answers -h and -? so. */
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

interface Words {
  readonly command: string;
  readonly values: FlagValues;
}

const COMMANDS = commandList.map(commandName);

function commandOf(argv: readonly string[]): Command | undefined {
  const name = argv.find((word) => COMMANDS.includes(word));
  return commandList.find((command) => commandName(command) === name);
}

/** yargs says it in its own words; ours are one line, and name what was probably meant. */
function complain(message: string, argv: readonly string[]): UsageError {
  if (message.startsWith("Not enough non-option"))
    return new UsageError(`too few words: hsflowd ${commandOf(argv)?.usage}`);
  const unknown = /^Unknown arguments?: ([^,]+)/.exec(message)?.[1];
  const own = commandList.flatMap((command) => command.flags);
  const names = [...COMMANDS, ...[...flags, ...own].map(({ name }) => name)];
  const nearest = unknown === undefined ? undefined : nearestWord(unknown, names);
  const line = message.split(/\s*\n\s*/).join(" ");
  return new UsageError(
    `${line.charAt(0).toLowerCase()}${line.slice(1)}${nearest ? `; did you mean ${nearest}?` : ""}`,
  );
}

/** Loading yargs costs 13 ms bundled and 45 ms loose, which the start of a daemon does not pay. */
async function readWords(argv: readonly string[]): Promise<Words> {
  const { default: yargs } = await import("yargs");
  const reader = define(yargs(), flags).exitProcess(false);
  reader.fail((message: string | null, error?: Error) => {
    throw complain(message ?? error?.message ?? "not understood", argv);
  });
  const {
    _: [command = "run"],
    $0: _program,
    ...rest
  } = await reader.parseAsync(expandLetters(argv));
  const given = Object.entries(rest).filter(([, value]) => value !== undefined && value !== 0 && value !== false);
  const values = new Map(given as [string, string | number][]);
  // yargs takes a lone - for a flag without a value.
  if (rest["file"] === true) values.set("file", "-");
  return { command: String(command), values };
}

async function usage(argv: readonly string[], problem: string | undefined): Promise<Invocation> {
  const { default: yargs } = await import("yargs");
  const command = commandOf(argv);
  const shown = flags.filter(({ name }) => command === undefined || name === "help" || command.heeds.includes(name));
  const text = await define(yargs(command === undefined ? [] : [commandName(command)]), shown).getHelp();
  const asked = problem === undefined && argv.includes("--help");
  return { command: "usage", text, problem, exitCode: asked ? 0 : 1 };
}

function portOf(values: FlagValues): number {
  const port = Number(values.get("port"));
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UsageError(`--port wants a port from 1 to 65535, not "${values.get("port")}"`);
}

const textOf = (values: FlagValues, name: string): string | undefined => values.get(name)?.toString();

function invocation({ command, values }: Words): Invocation {
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

/** `argv` is without the program's own name. Never throws: what is wrong is a usage with a problem. */
export async function parseArguments(argv: readonly string[]): Promise<Invocation> {
  try {
    if (expandLetters(argv).includes("--help")) return await usage(argv, undefined);
    const values = readLetters(argv);
    const words = values === undefined ? await readWords(argv) : { command: "run", values };
    return invocation(words);
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    return usage(argv, cause.message);
  }
}
