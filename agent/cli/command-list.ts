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
  /** Those of the agent's own flags that it heeds, too, by long name. */
  readonly heeds: readonly string[];
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
    heeds: ["config"],
  },
  {
    usage: "decode [file]",
    help: "print datagrams of a pcap file, of hex digits, of stdin (-), or as they arrive",
    flags: [
      FORMAT,
      { name: "port", help: "UDP port of the datagrams", argument: "PORT", default: "6343" },
      { name: "listen", help: "ADDRESS, PORT or ADDRESS:PORT", argument: "PLACE" },
      { name: "names", help: "names of enumerated values too" },
    ],
    heeds: [],
  },
  {
    usage: "reload",
    help: "have the running agent read its configuration again",
    flags: [],
    heeds: ["control-socket"],
  },
  {
    usage: "status",
    help: "say what the running agent has sent and sampled",
    flags: [FORMAT],
    heeds: ["control-socket"],
  },
  {
    usage: "explain <subject>",
    help: "say why an interface is sampled or not; of `agent`: why this is its address",
    flags: [FORMAT],
    heeds: ["config", "control-socket"],
  },
  {
    usage: "doctor",
    help: "say why samples do not arrive: the first broken link from kernel to collector",
    flags: [FORMAT],
    heeds: ["config", "control-socket"],
  },
  { usage: "demo", help: "send samples of this host to a decoder on this host", flags: [], heeds: ["replay"] },
];

export const commandName = ({ usage }: Command): string => usage.split(" ")[0] ?? "";
