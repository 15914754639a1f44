// The bash completion of `hsflowd`: commands, flags and their arguments, from the tables. See bash(1), "Programmable
// Completion".

import { type Command, type CommandFlag, commandList, commandName } from "../cli/command-list.ts";
import { type Flag, flags } from "../cli/flags.ts";

const words = (list: readonly string[]): string => `words="${list.join(" ")}"`;

/** Shell code that completes a positional argument. The key is the placeholder in the usage text. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  "[file]": "files=1",
  "<subject>": 'words+=" agent $(ls /sys/class/net)"',
};

function flagCase({ name, letter, argument }: Flag): string[] {
  if (argument === undefined) return [];
  const pattern = letter === undefined ? `--${name}` : `--${name} | -${letter}`;
  return [`    ${pattern}) ${/^(FILE|DIR)$/.test(argument) ? "words= files=1" : "words="} ;;`];
}

const isList = (flag: CommandFlag): flag is CommandFlag & { argument: readonly string[] } =>
  typeof flag.argument === "object";

function commandFlagCases(): string[] {
  const all = new Map(commandList.flatMap((command) => command.flags.map((flag) => [flag.name, flag])));
  return [...all.values()]
    .filter(({ argument }) => argument !== undefined)
    .map((flag) => `    --${flag.name}) ${isList(flag) ? words(flag.argument) : "words="} ;;`);
}

const switchesOf = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => `--${name}`);

function commandCase(command: Command): string {
  const argument = ARGUMENTS[command.usage.split(" ")[1] ?? ""];
  const what = [
    words([...switchesOf(command.flags), ...command.alsoTakes.map((name) => `--${name}`)]),
    ...(argument === undefined ? [] : [argument]),
  ].join("; ");
  return `        ${commandName(command)}) ${what} ;;`;
}

/** Returns the script. The script treats `=` as a word, because bash splits `--format=json` into three words. */
export const bashCompletion =
  (): string => `# bash completion of hsflowd(8), made from its tables of commands and flags.
_hsflowd() {
  local word=$2 before=$3 command words files= at
  if [[ $word == "=" ]]; then word=; fi
  if [[ $before == "=" ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in ${commandList.map(commandName).join(" | ")}) command=\${COMP_WORDS[at]} ;; esac
  done
  case $before in
${[...flags.flatMap(flagCase), ...commandFlagCases()].join("\n")}
    *)
      case $command in
${commandList.map(commandCase).join("\n")}
        *) ${words([...commandList.map(commandName), ...switchesOf(flags)])} ;;
      esac
      ;;
  esac
  COMPREPLY=($(compgen \${files:+-f} -W "$words" -- "$word"))
}
complete -o filenames -F _hsflowd hsflowd
`;
