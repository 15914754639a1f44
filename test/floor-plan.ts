// The rooms of the agent, and which room may import which: agent/README.md, "Rooms". Checked by architecture.test.ts.

export interface Room {
  readonly name: string;
  /** Rooms whose files it may import, in addition to its own. */
  readonly may: readonly string[];
  /** Why it may import these and no others. */
  readonly because: string;
}

/** The rooms of agent/, and native-shim/, floor by floor. Imports go down only, type imports included. */
export const FLOORS: readonly (readonly Room[])[] = [
  [
    {
      name: "main",
      may: ["process", "commands", "cli", "host", "text"],
      because: "the entry only chooses which command runs, and loads nothing else",
    },
  ],
  [
    {
      name: "process",
      may: [
        ...["run", "modules", "capture", "control", "report", "sockets", "host", "cli", "sflow"],
        ...["native-shim", "log", "proc", "config", "text"],
      ],
      because: "turns a configuration and a host into a daemon: it starts `run` and knows no block",
    },
    {
      name: "commands",
      may: [
        ...["run", "modules", "capture", "control", "settings", "interfaces", "report", "sockets", "host", "cli"],
        ...["sflow", "native-shim", "log", "config", "packet", "xdr", "text"],
      ],
      because: "a command explains what the agent does, so it reads configuration, status and datagrams",
    },
  ],
  [
    {
      name: "run",
      may: [
        ...["modules", "capture", "control", "settings", "interfaces", "report", "flow", "host", "cli", "sflow"],
        ...["log", "proc", "config", "text", "workloads"],
      ],
      because: "the only room that puts all parts together",
    },
  ],
  [
    {
      name: "modules",
      may: [
        ...["workloads", "namespaces", "capture", "counters", "settings", "interfaces", "dns", "report", "flow"],
        ...["sockets", "host", "sflow", "netlink", "native-shim", "log", "proc", "config", "packet", "xdr", "text"],
      ],
      because: "a block uses what the agent offers, and never another block, `run` or the process",
    },
  ],
  [
    {
      name: "workloads",
      may: [
        ...["namespaces", "counters", "interfaces", "flow", "sockets", "host", "sflow", "netlink"],
        ...["native-shim", "log", "proc", "config", "packet", "xdr"],
      ],
      because: "samples of containers and machines are made of counters and namespaces, and mark sampled packets",
    },
  ],
  [
    {
      name: "namespaces",
      may: ["interfaces", "sockets", "host", "netlink", "native-shim", "proc"],
      because: "finds network namespaces by /proc, and asks inside them by netlink",
    },
    {
      name: "capture",
      may: ["interfaces", "flow", "sockets", "host", "sflow", "native-shim", "log", "packet"],
      because: "engines take packets from sockets and files, and fill batches of the flow pipeline",
    },
    {
      name: "control",
      may: ["report", "host", "log"],
      because: "carries a report over a unix socket, whatever is in it",
    },
    {
      name: "counters",
      may: ["interfaces", "host", "sflow", "netlink", "log", "proc"],
      because: "a counter reader turns files and netlink answers into one record",
    },
    {
      name: "settings",
      may: ["interfaces", "config"],
      because: "the sflow { } block, and the sampling rate that follows from the speed of an interface",
    },
  ],
  [
    {
      name: "interfaces",
      may: ["sockets", "host", "sflow", "netlink", "native-shim", "log", "proc", "config"],
      because: "the table of interfaces is netlink and /proc, kept current; a port provider adds records to samples",
    },
    { name: "dns", may: ["host"], because: "questions to name servers go through the host" },
    { name: "report", may: ["sflow"], because: "plain values that travel as JSON; only types of counters come in" },
    { name: "flow", may: ["host", "sflow"], because: "batches go to a sampler, and deadlines need the clock" },
  ],
  [
    {
      name: "sockets",
      may: ["netlink", "native-shim"],
      because: "socket addresses and netlink sockets are bytes, and the calls that take them",
    },
    { name: "host", may: ["native-shim", "config"], because: "the outside world as one value" },
    { name: "cli", may: ["config", "text"], because: "arguments are text, and so is output" },
    { name: "sflow", may: ["xdr"], because: "the specification knows nothing of Linux" },
  ],
  [
    { name: "native-shim", may: [], because: "the boundary to C" },
    ...["netlink", "proc", "packet", "xdr"].map((name) => ({
      name,
      may: [],
      because: "turns bytes or text into values, and does no I/O",
    })),
    ...["log", "config"].map((name) => ({
      name,
      may: ["text"],
      because: "turns text into values and values into text, and does no I/O",
    })),
  ],
  [{ name: "text", may: [], because: "what may be printed depends on nothing else" }],
];

export const rooms = new Map(FLOORS.flat().map((room) => [room.name, room]));
export const floorOf = new Map(FLOORS.flatMap((floor, depth) => floor.map(({ name }) => [name, depth] as const)));

/** Modules of Node that reach outside the process. */
export const I_O = /^node:(fs|dgram|dns|net|timers|child_process|worker_threads|http|https)/;

/** The only files that may import them. */
export const NODE_IO =
  /^agent\/(main\.ts|cli\/|process\/|run\/|commands\/|control\/|host\/linux[\w-]*\.ts)|^native-shim\//;

/** The only files that write to standard output and standard error: of a command, and of the log. */
export const OUTPUTS: readonly string[] = ["agent/cli/output.ts", "agent/process/log.ts"];

/** The one folder or file that may import each package. */
export const PACKAGES: readonly (readonly [name: RegExp, owner: RegExp])[] = [
  [/^yargs/, /^agent\/cli\//],
  [/^dbus-native$/, /^agent\/modules\/systemd\//],
  [/^dns-packet$/, /^agent\/dns\/message\.ts$/],
  [/^cap$/, /^agent\/capture\/libpcap\.ts$/],
  [/^dockerode$/, /^agent\/modules\/docker\//],
  [/^prom-client$/, /^agent\/modules\/metrics\//],
];

/** Returns the room of a file. A loose file in agent/ belongs to `run`. */
export function roomOf(file: string): string {
  if (file.startsWith("native-shim/")) return "native-shim";
  if (file === "agent/main.ts") return "main";
  return /^agent\/([\w-]+)\//.exec(file)?.[1] ?? "run";
}
