// The examples of the manual pages. A test checks the configurations and the command lines.

export interface Example {
  /** One sentence, without a full stop. */
  readonly purpose: string;
  readonly lines: readonly string[];
}

/** For hsflowd(8). */
export const agentExamples: readonly Example[] = [
  {
    purpose: "Validate a configuration, then have the running agent read it",
    lines: ["hsflowd check", "hsflowd reload"],
  },
  { purpose: "Find out why no datagram arrives", lines: ["hsflowd doctor"] },
  { purpose: "Show whether an interface is sampled, and at which rate", lines: ["hsflowd explain eth0"] },
  { purpose: "Show what is sent and what was lost, with all counters", lines: ["hsflowd status --all"] },
  { purpose: "Run in the foreground with another configuration", lines: ["hsflowd -d -f ./hsflowd.conf"] },
  {
    purpose: "Show the telemetry of one interface for one round of counters",
    lines: ["hsflowd demo --once --interface eth0"],
  },
  {
    purpose: "Show what a collector on this host would receive, or what was captured",
    lines: ["hsflowd decode -p 6343", "hsflowd decode capture.pcap --format=json"],
  },
];

/** For hsflowd.conf(5). */
export const configurationExamples: readonly Example[] = [
  {
    purpose: "Counters only, to two collectors",
    lines: ["sflow {", "  collector { ip = 192.0.2.1 }", "  collector { ip = 192.0.2.2 udpport = 6344 }", "}"],
  },
  {
    purpose: "Counters every 20 seconds, and 1 in 400 packets of the interfaces whose names begin with eth",
    lines: [
      "sflow {",
      "  polling = 20",
      "  collector { ip = 192.0.2.1 }",
      "  pcap { dev.pattern = ^eth[0-9]+$ sampling = 400 }",
      "}",
    ],
  },
  {
    purpose: "Containers and TCP round-trip times, and the agent address of a given interface",
    lines: [
      "sflow {",
      "  agent = eth0",
      "  collector { ip = 192.0.2.1 }",
      "  pcap { dev = eth0 }",
      "  tcp { }",
      "  docker { }",
      "}",
    ],
  },
];
