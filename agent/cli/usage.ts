// The usage of the agent or of one command, from the tables of flags and commands.

import { besideName } from "../text/wrap.ts";
import { argumentText, type Command, type CommandFlag, commandList } from "./command-list.ts";
import { flags } from "./flags.ts";

type Row = readonly [name: string, help: string];

function flagRow({ letter, name, help, argument, default: value }: CommandFlag): Row {
  const placeholder = argument === undefined ? "" : ` ${argumentText(argument)}`;
  const short = letter === undefined ? "    " : `-${letter}, `;
  return [`${short}--${name}${placeholder}`, `${help}${value === undefined ? "" : ` (${value})`}`];
}

/** Lists the rows in two columns. The help of a long name begins on the next line. */
function list(rows: readonly Row[], width: number): string[] {
  const longest = Math.max(...rows.map(([name]) => name.length));
  const indent = Math.min(longest, Math.floor(width / 3)) + 4;
  return rows.flatMap(([name, help]) => {
    const first = `  ${name}`.padEnd(indent);
    if (first.length === indent && first.endsWith("  ")) return besideName(first, help, width);
    return [first, ...besideName(" ".repeat(indent), help, width)];
  });
}

function commandUsage(command: Command, width: number): string[] {
  const taken = flags.filter(({ name }) => name === "help" || command.alsoTakes.includes(name));
  const all = [...command.flags, ...taken].map(flagRow);
  return [`hsflowd ${command.usage} [flags]`, "", ...besideName("", command.help, width), "", ...list(all, width)];
}

/** Returns the lines, at most `width` columns wide. */
export function usageLines(command: Command | undefined, width: number): string[] {
  if (command !== undefined) return commandUsage(command, width);
  return [
    "hsflowd [flags]          run the agent",
    "hsflowd COMMAND [flags]  print an answer and exit",
    "",
    "Commands, each with its own --help:",
    ...list(
      commandList.map(({ usage, help }) => [usage, help] as const),
      width,
    ),
    "",
    "Flags:",
    ...list(flags.map(flagRow), width),
  ];
}
