// The zsh completion of `hsflowd`: commands, flags and their arguments, from the tables. See zshcompsys(1), _arguments.

import { type Command, type CommandFlag, commandList, commandName } from "../../cli/command-list.ts";
import { flags } from "../../cli/flags.ts";
import { type Proposal, proposalFor } from "./arguments.ts";

/** Actions of _arguments. */
const ACTIONS: Readonly<Record<Proposal, string>> = {
  file: "_files",
  folder: "_files -/",
  interface: "_hsflowd_interfaces",
  subject: "_hsflowd_subjects",
  nothing: " ",
};

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Escapes what would end the explanation of a flag. */
const explanation = (help: string): string => `[${help.replace(/[[\]\\]/g, "\\$&")}]`;

const actionOf = (argument: string | readonly string[]): string =>
  typeof argument === "string" ? `${argument}:${ACTIONS[proposalFor(argument)]}` : `value:(${argument.join(" ")})`;

/** Returns a specification for each name of a flag. */
function flagSpecs({ letter, name, help, argument }: CommandFlag): string[] {
  const rest = `${explanation(help)}${argument === undefined ? "" : `:${actionOf(argument)}`}`;
  const [short, long] = argument === undefined ? ["", ""] : ["+", "="];
  return [...(letter === undefined ? [] : [`*-${letter}${short}${rest}`]), `*--${name}${long}${rest}`].map(quote);
}

function commandCase(command: Command): string {
  const taken = flags.filter(({ name }) => name === "help" || command.alsoTakes.includes(name));
  const placeholder = command.usage.split(" ")[1];
  const argument = placeholder === undefined ? [] : [quote(`1:argument:${ACTIONS[proposalFor(placeholder)]}`)];
  const specs = [...[...command.flags, ...taken].flatMap(flagSpecs), ...argument];
  return `        ${commandName(command)}) _arguments -s ${specs.join(" ")} ;;`;
}

/** Returns the script, for a folder of $fpath. */
export const zshCompletion = (): string => `#compdef hsflowd
# zsh completion of hsflowd(8), made from its tables of commands and flags.
_hsflowd_interfaces() { compadd -- /sys/class/net/*(:t) }
_hsflowd_subjects() { compadd -- agent /sys/class/net/*(:t) }
_hsflowd() {
  local curcontext=$curcontext state line
  local -A opt_args
  local -a commands=(
${commandList.map((command) => `    ${quote(`${commandName(command)}:${command.help}`)}`).join("\n")}
  )
  _arguments -C -s -A '-*' \\
${flags
  .flatMap(flagSpecs)
  .map((spec) => `    ${spec} \\`)
  .join("\n")}
    '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe -t commands command commands ;;
    argument)
      case $words[1] in
${commandList.map(commandCase).join("\n")}
      esac
      ;;
  esac
}
_hsflowd "$@"
`;
