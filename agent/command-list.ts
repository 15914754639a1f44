// The commands beside the agent itself, and their flags: what the command line reads, and the manual prints.

export interface CommandFlag {
  readonly name: string;
  readonly help: string;
  /** None for a switch; a list where it is one of a few words. */
  readonly argument?: string | readonly string[];
  readonly default?: string;
}

export interface Command {
  /** The name first; what may be left out in brackets. */
  readonly usage: string;
  readonly help: string;
  readonly flags: readonly CommandFlag[];
}

const FORMAT: CommandFlag = {
  name: "format",
  help: "form of the answer",
  argument: ["text", "json"],
  default: "text",
};

export const commandList: readonly Command[] = [
  {
    usage: "check [file]",
    help: "say what is wrong with a configuration",
    flags: [FORMAT, { name: "dump", help: "print every setting in force, with its line or as a default" }],
  },
  {
    usage: "decode [file]",
    help: "print the datagrams of a pcap file, of hex digits, of stdin (-), or those that arrive",
    flags: [
      FORMAT,
      { name: "port", help: "UDP port of the datagrams", argument: "PORT", default: "6343" },
      { name: "listen", help: "ADDRESS, PORT or ADDRESS:PORT", argument: "PLACE" },
      { name: "names", help: "names of enumerated values too" },
    ],
  },
  { usage: "reload", help: "have the running agent read its configuration again", flags: [] },
  { usage: "status", help: "say what the running agent has sent and sampled", flags: [FORMAT] },
  {
    usage: "explain <subject>",
    help: "say why an interface is sampled or not; of `agent`: why this is its address",
    flags: [FORMAT],
  },
  {
    usage: "doctor",
    help: "find out why samples do not arrive: the first broken link from kernel to collector",
    flags: [FORMAT],
  },
  { usage: "demo", help: "send samples of this host to a decoder on this host", flags: [] },
];

export const commandName = ({ usage }: Command): string => usage.split(" ")[0] ?? "";
