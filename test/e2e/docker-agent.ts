// The agent with an engine, and a receiver of its container samples.

import { type Agent, type makeFolder, startAgent } from "./agent.ts";
import { type ContainerSample, containerSamples, uuidOf } from "./container-samples.ts";
import { type DockerEngine, IMAGE } from "./docker-engine.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

export interface Watched {
  readonly agent: Agent;
  readonly receiver: Receiver;
  /** The samples of one container so far. */
  samples(id: string): ContainerSample[];
  /** Waits for a sample of the container that satisfies `enough`, and returns it. */
  sample(id: string, what: string, enough: (sample: ContainerSample) => boolean): Promise<ContainerSample>;
  stop(): Promise<void>;
}

export async function watchEngine(
  { host, address }: Pick<DockerEngine, "host" | "address">,
  folder: ReturnType<typeof makeFolder>,
  { polling = 20, options = "", blocks = "", flags = [] as string[], connected = /following/ } = {},
): Promise<Watched> {
  const pcap = folder.file(`${Math.random().toString(36).slice(2)}.pcap`);
  const receiver = await startReceiver(host, { pcap });
  const agent = startAgent(
    host,
    `sflow {
      agentIP = 127.0.0.1
      polling = ${polling}
      collector { ip = 127.0.0.1 udpport = ${receiver.port} }
      docker { socket = ${address} ${options} }
      ${blocks}
    }`,
    folder.path,
    ...flags,
  );
  await agent.says(connected);
  const samples = (id: string) => containerSamples(receiver.datagrams()).filter(({ uuid }) => uuid === uuidOf(id));
  return {
    agent,
    receiver,
    samples,
    async sample(id, what, enough) {
      await receiver.until(`${what}; so far ${JSON.stringify(samples(id))}`, () => samples(id).some(enough));
      return samples(id).find(enough) as ContainerSample;
    },
    async stop() {
      await agent.stop();
      await receiver.stop();
    },
  };
}

/** Starts a container that runs `command`, by default sleep. Other options are the engine's own. */
export async function runContainer(
  { docker }: Pick<DockerEngine, "docker">,
  {
    command = "sleep 600",
    host = {},
    ...more
  }: { command?: string; host?: object; name?: string; Hostname?: string } = {},
) {
  const Cmd = ["sh", "-c", `exec ${command}`];
  const container = await docker.createContainer({ Image: IMAGE, Cmd, HostConfig: host, ...more });
  await container.start();
  return container;
}
