// The configuration of the agent that `hsflowd demo` runs.

import { quoted } from "../../config/token.ts";
import type { SampledInterface } from "./interfaces.ts";

export interface Demonstration {
  /** UDP port of the collector in this process. */
  readonly port: number;
  readonly polling: number;
  /** Most samples a second of an interface. */
  readonly limit: number;
  readonly interfaces: readonly SampledInterface[];
}

export const demoConfiguration = ({ port, polling, limit, interfaces }: Demonstration): string =>
  [
    "sflow {",
    `  polling = ${polling}`,
    `  sampling.limit = ${limit}`,
    `  collector { ip = 127.0.0.1 udpport = ${port} }`,
    ...(interfaces.length > 0 ? ["  tcp { }"] : []),
    ...interfaces.map(({ name, sampling }) => `  pcap { dev = ${quoted(name)} sampling = ${sampling} }`),
    "}",
    "",
  ].join("\n");
