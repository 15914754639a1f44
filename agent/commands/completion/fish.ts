// The fish completion of `hsflowd`: commands, flags and their arguments, from the tables. See complete(1) of fish.

import { type Command, type CommandFlag, commandList, commandName } from "../../cli/command-list.ts";
import { flags } from "../../cli/flags.ts";
import { type Proposal, proposalFor } from "./arguments.ts";

/** Arguments of `complete` that say which words to propose. */
const WORDS: Readonly<Record<Proposal, string>> = {
  file: "-r -F",
  folder: "-x -a '(__fish_complete_directories)'",
  interface: "-x -a '(command ls /sys/class/net)'",
  subject: "-x -a 'agent (command ls /sys/class/net)'",
  nothing: "-x",
};

const quote = (text: string): string => `'${text.replace(/['\\]/g, "\\$&")}'`;

function wordsOf(argument: CommandFlag["argument"]): string[] {
  if (argument === undefined) return [];
  return [typeof argument === "string" ? WORDS[proposalFor(argument)] : `-x -a '${argument.join(" ")}'`];
}

const line = (condition: string, ...rest: readonly string[]): string =>
  ["complete -c hsflowd", `-n '${condition}'`, ...rest].join(" ");

const flagLine = (condition: string, { letter, name, help, argument }: CommandFlag): string =>
  line(
    condition,
    ...(letter === undefined ? [] : [`-s ${letter}`]),
    `-l ${name}`,
    ...wordsOf(argument),
    `-d ${quote(help)}`,
  );

function commandLines(command: Command): string[] {
  const name = commandName(command);
  const seen = `__fish_seen_subcommand_from ${name}`;
  const taken = flags.filter((flag) => flag.name === "help" || command.alsoTakes.includes(flag.name));
  const placeholder = command.usage.split(" ")[1];
  return [
    line("__fish_use_subcommand", `-a ${name}`, `-d ${quote(command.help)}`),
    ...[...command.flags, ...taken].map((flag) => flagLine(seen, flag)),
    ...(placeholder === undefined ? [] : [line(seen, WORDS[proposalFor(placeholder)].replace("-r ", ""))]),
  ];
}

/** Returns the script, for a folder of $fish_complete_path. */
export const fishCompletion = (): string =>
  [
    "# fish completion of hsflowd(8), made from its tables of commands and flags.",
    "complete -c hsflowd -f",
    ...flags.map((flag) => flagLine("__fish_use_subcommand", flag)),
    ...commandList.flatMap(commandLines),
    "",
  ].join("\n");
