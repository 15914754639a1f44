// A host with two interfaces, one of them down, and agents on it to run diagnostic commands against.

import { chmodSync } from "node:fs";
import { type Agent, makeFolder, startAgent } from "./agent.ts";
import { tryRun, until } from "./command.ts";
import { behind, connect, makeLab, type Namespace } from "./namespaces.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

export interface Bed {
  readonly lab: ReturnType<typeof makeLab>;
  readonly folder: ReturnType<typeof makeFolder>;
  readonly host: Namespace;
  /** The other end of both interfaces. */
  readonly far: Namespace;
  /** One on 127.0.0.1 and one on ::1. */
  readonly receivers: readonly [Receiver, Receiver];
  remove(): Promise<void>;
}

export async function makeBed(): Promise<Bed> {
  const lab = makeLab();
  const folder = makeFolder();
  const host = lab.namespace();
  const far = lab.namespace();
  connect("eth0", [host, "10.97.1.1"], [far, "10.97.1.2"]);
  connect("eth1", [host, "10.97.2.1"], [far, "10.97.2.2"]);
  host.ip("link", "set", "eth1", "down");
  const one = await startReceiver(host, { pcap: folder.file("one.pcap") });
  const other = await startReceiver(host, { address: "::1", pcap: folder.file("other.pcap") });
  chmodSync(folder.path, 0o755);
  return {
    lab,
    folder,
    host,
    far,
    receivers: [one, other],
    async remove() {
      await one.stop();
      await other.stop();
      lab.remove();
      folder.remove();
    },
  };
}

/** Runs a command of the built agent in a namespace. `before` is put in front of the command line. */
export function hsflowd(namespace: Namespace, words: readonly string[], before: readonly string[] = []) {
  const [command, ...rest] = namespace.command(...before, process.execPath, "dist/hsflowd.js", ...words);
  return tryRun(command, ...rest);
}

export const asking = ({ controlSocket }: Agent): string => `--control-socket=${controlSocket}`;

/** Runs an agent with a configuration while `use` runs. */
export async function withAgent(
  { host, folder }: Bed,
  configuration: string,
  use: (agent: Agent) => void | Promise<void>,
  before: readonly string[] = [],
): Promise<void> {
  const agent = startAgent(behind(host, ...before), configuration, folder.path);
  try {
    await until("an answer", () => hsflowd(host, ["status", asking(agent)]).status === 0, { evidence: agent.stderr });
    await use(agent);
  } finally {
    agent.kill("SIGCONT");
    await agent.stop();
  }
}
