// The bash completion of `hsflowd`: commands, flags and their arguments, from the tables. See bash(1), "Programmable
// Completion".

import { type Command, type CommandFlag, commandList, commandName } from "../../cli/command-list.ts";
import { flags } from "../../cli/flags.ts";
import { type Proposal, proposalFor } from "./arguments.ts";

const words = (list: readonly string[]): string => `words="${list.join(" ")}"`;

/** Shell code that adds the proposals for an argument. */
const ADDED: Readonly<Record<Proposal, string>> = {
  file: "files=1",
  folder: "files=1",
  interface: 'words+=" $(ls /sys/class/net)"',
  subject: 'words+=" agent $(ls /sys/class/net)"',
  nothing: "",
};

/** Returns the case of an argument that follows a flag. */
function flagCase({ name, letter, argument }: CommandFlag): string[] {
  if (argument === undefined) return [];
  const pattern = letter === undefined ? `--${name}` : `--${name} | -${letter}`;
  const proposed = typeof argument === "string" ? `words= ${ADDED[proposalFor(argument)]}`.trim() : words(argument);
  return [`    ${pattern}) ${proposed} ;;`];
}

/** Returns each flag of a command once. Its letter may be another flag of the agent, so it is left to that. */
const commandFlags = (): CommandFlag[] => [
  ...new Map(
    commandList.flatMap((command) => command.flags.map(({ letter: _, ...flag }) => [flag.name, flag] as const)),
  ).values(),
];

const switchesOf = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => `--${name}`);

function commandCase(command: Command): string {
  const argument = ADDED[proposalFor(command.usage.split(" ")[1] ?? "")];
  const what = [
    words([...switchesOf(command.flags), ...command.alsoTakes.map((name) => `--${name}`)]),
    ...(argument === "" ? [] : [argument]),
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
${[...[...flags, ...commandFlags()].flatMap(flagCase)].join("\n")}
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
