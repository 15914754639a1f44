// The first and the last lines of `hsflowd demo`.

import type { SampledInterface } from "./interfaces.ts";
import type { Tally } from "./tally.ts";
import { scaled } from "./units.ts";

export interface Greeting {
  /** The sampled interfaces, or the path of the replayed file. */
  readonly packets: readonly SampledInterface[] | string;
  /** Seconds between counters. */
  readonly polling: number;
  /** Most samples a second of an interface. */
  readonly limit: number;
  /** The reason why no packets are sampled, if there is one. */
  readonly obstacle: string | undefined;
  /** Ends by itself. */
  readonly once: boolean;
}

/** Returns the first lines, without line breaks for a terminal. */
export function greeting({ packets, polling, limit, obstacle, once }: Greeting): string[] {
  const stop = once ? "" : " Ctrl-C stops.";
  const from = typeof packets === "string" ? `Packets: ${packets}.` : density(packets, limit);
  return [
    `This host as a collector sees it: its sFlow datagrams, decoded.${stop}`,
    `Counters every ${polling} s. ${obstacle === undefined ? from : `No packets: ${obstacle}.`}`,
    "",
  ];
}

function density(interfaces: readonly SampledInterface[], limit: number): string {
  const dense = interfaces.filter(({ sampling }) => sampling === 1).map(({ name }) => name);
  const sparse = interfaces.filter(({ sampling }) => sampling > 1);
  const parts = [
    ...(dense.length > 0 ? [`every packet of ${dense.join(", ")}`] : []),
    ...sparse.map(({ name, sampling }) => `1 in ${sampling} of ${name}`),
  ];
  if (parts.length === 0) return "Packets: no interface is up.";
  return `Packets: ${parts.join("; ")}; fewer above ${limit} a second.`;
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

/** Returns the last lines. */
export function farewell({ datagrams, samples, sampledPackets, packets, lost }: Tally): string[] {
  const stood = `${counted(sampledPackets, "packet sample")} of ${scaled(packets).trim()} packets`;
  return [
    "",
    `${counted(datagrams, "datagram")} with ${counted(samples, "sample")}. ${stood}; ${lost === 0 ? "none" : counted(lost, "sample")} lost.`,
    "To send this to a collector, put these lines into /etc/hsflowd.conf:",
    "  sflow {",
    "    collector { ip = ADDRESS }",
    "    pcap { dev = eth0 }",
    "  }",
  ];
}
