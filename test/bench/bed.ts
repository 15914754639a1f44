// The test bed of all measurements: an agent's namespace with a cable to a sending peer, and a counting collector on
// its loopback.

import { type Agent, makeFolder, startAgent } from "../e2e/agent.ts";
import { type Child, start } from "../e2e/child.ts";
import { until } from "../e2e/command.ts";
import { type Cable, connect, makeLab, type Namespace } from "../e2e/namespaces.ts";

export interface Bed {
  readonly host: Namespace;
  readonly far: Namespace;
  readonly cable: Cable;
  readonly peer: Cable;
  /** For files that last as long as the test bed. */
  readonly folder: string;
  /** Makes another, empty namespace. */
  namespace(): Namespace;
  /** Starts a new collector, by default on the loopback of the agent's namespace. */
  collector(namespace?: Namespace): Promise<Collector>;
  /**
   * Starts an agent that polls every second and taps the cable 1-in-`sampling` (0: not at all), with further blocks.
   */
  agent(collector: Collector, sampling: number, more?: string): Agent;
  remove(): void;
}

/** Milliseconds from a packet, by the time in its sample, to the collector. */
export interface Waits {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

export interface Counted {
  readonly datagrams: number;
  readonly bytes: number;
  readonly flows: number;
  /** Flow samples with extended_tcp_info. */
  readonly annotated: number;
  readonly counters: number;
  /** How long samples have waited since the last count; undefined if none carries a time. */
  readonly waits?: Waits;
}

export interface Collector extends Child {
  readonly port: number;
  counted(): Promise<Counted>;
}

export function makeBed(): Bed {
  const lab = makeLab();
  const folder = makeFolder();
  const host = lab.namespace();
  const far = lab.namespace();
  const [cable, peer] = connect("eth0", [host, "10.9.0.1"], [far, "10.9.0.2"]);
  return {
    host,
    far,
    cable,
    peer,
    folder: folder.path,
    namespace: () => lab.namespace(),
    collector: (namespace = host) => startCollector(namespace),
    agent: ({ port }, sampling, more = "") =>
      startAgent(host, configuration(cable.address, port, sampling, more), folder.path),
    remove: () => {
      lab.remove();
      folder.remove();
    },
  };
}

const configuration = (address: string, port: number, sampling: number, more: string) => `sflow {
  agentIP = ${address}
  polling = 1
  collector { ip = 127.0.0.1 udpport = ${port} }
  ${sampling > 0 ? `pcap { dev = eth0 sampling = ${sampling} }` : ""}
  ${more}
}
`;

async function startCollector(host: Namespace): Promise<Collector> {
  const child = start(host, [process.execPath, "dist/bench-sink.js"]);
  const [, port] = await child.says(/listening on (\d+)\n/);
  let asked = 0;
  return {
    ...child,
    port: Number(port),
    async counted() {
      child.kill("SIGUSR2");
      const number = asked++;
      const answer = () => [...child.stdout().matchAll(/counted (.*)\n/g)][number]?.[1];
      return JSON.parse(await until("an answer of the collector", answer, { evidence: child.stderr })) as Counted;
    },
  };
}
