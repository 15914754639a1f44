// The table of commands and their flags, for the command line, the help and the manual.

export interface CommandFlag {
  /** The letter after this command. It may be that of another flag of the agent. */
  readonly letter?: string;
  readonly name: string;
  readonly help: string;
  /** Placeholder of the argument, or the list of its values; absent for a switch. */
  readonly argument?: string | readonly string[];
  readonly default?: string;
}

export interface Command {
  /** The name of the command and its argument, if it has one: `[optional]` or `<required>`. */
  readonly usage: string;
  /** Describes the argument of a command that cannot run without one. */
  readonly argument?: string;
  readonly help: string;
  readonly flags: readonly CommandFlag[];
  /** Long names of the agent's flags that this command also takes. */
  readonly alsoTakes: readonly string[];
}

const FORMAT: CommandFlag = {
  name: "format",
  help: "output format",
  argument: ["text", "json"],
  default: "text",
};

export const commandList: readonly Command[] = [
  {
    usage: "check [file]",
    help: "validate a configuration; - reads it from standard input",
    flags: [FORMAT, { name: "dump", help: "print every setting with its line in the file, or as a default" }],
    alsoTakes: ["config"],
  },
  {
    usage: "decode [file]",
    help: "print datagrams from a pcap file, hex digits, stdin (-) or the network",
    flags: [
      FORMAT,
      { letter: "p", name: "port", help: "UDP port of the datagrams", argument: "PORT", default: "6343" },
      { name: "listen", help: "listen on ADDRESS, PORT or ADDRESS:PORT", argument: "PLACE" },
      { name: "names", help: "also print names of enumerated values" },
    ],
    alsoTakes: [],
  },
  {
    usage: "reload",
    help: "make the running agent read its configuration again",
    flags: [],
    alsoTakes: ["control-socket"],
  },
  {
    usage: "status",
    help: "show what the running agent has sent and sampled",
    flags: [FORMAT, { name: "all", help: "also print every counter, every look-up, and interfaces not sampled" }],
    alsoTakes: ["control-socket"],
  },
  {
    usage: "explain <subject>",
    argument: 'an interface, or "agent"',
    help: "explain why an interface is sampled or not; `agent`: its agent address",
    flags: [FORMAT],
    alsoTakes: ["config", "control-socket"],
  },
  {
    usage: "doctor",
    help: "find the first fault between kernel and collector",
    flags: [FORMAT],
    alsoTakes: ["config", "control-socket"],
  },
  {
    usage: "demo",
    help: "sample this host and print the decoded samples",
    flags: [
      { name: "once", help: "exit after one round of counters" },
      { name: "interface", help: "show this interface; default: those that carry packets", argument: "NAME" },
    ],
    alsoTakes: ["replay"],
  },
];

export const commandName = ({ usage }: Command): string => usage.split(" ")[0] ?? "";

export const findCommand = (name: string | undefined): Command | undefined =>
  commandList.find((command) => commandName(command) === name);

/** Shows the argument of a flag: its placeholder, or its values. */
export const argumentText = (argument: string | readonly string[]): string =>
  typeof argument === "string" ? argument : argument.join("|");
