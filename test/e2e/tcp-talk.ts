// A conversation over TCP that an agent samples, and `ss` looks at whenever it stands still.

import { expect } from "vitest";
import { type Agent, type makeFolder, startAgent } from "./agent.ts";
import { type Child, start } from "./child.ts";
import { until } from "./command.ts";
import type { Namespace } from "./namespaces.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

/** An agent with `tcp { }`, options in it, that samples every packet of interfaces in `host`, from here on. */
export async function sampled(
  host: Namespace,
  folder: ReturnType<typeof makeFolder>,
  {
    address,
    devices = ["eth0"],
    tcp = "",
  }: { readonly address: string; readonly devices?: readonly string[]; readonly tcp?: string },
): Promise<{ agent: Agent; receiver: Receiver }> {
  const receiver = await startReceiver(host, { pcap: folder.file(`${host.name}.pcap`) });
  const agent = startAgent(
    host,
    `sflow {
      agentIP = ${address}
      polling = 0
      collector { ip = 127.0.0.1 udpport = ${receiver.port} }
      ${devices.map((device) => `pcap { dev = ${device} sampling = 1 }`).join("\n")}
      tcp { ${tcp} }
    }`,
    folder.path,
  );
  for (const device of devices) await agent.taps(indexOf(host, device));
  return { agent, receiver };
}

/** Asked by netlink: where an engine runs, /sys is that of another namespace. */
export const indexOf = ({ ip }: Namespace, device: string): number =>
  JSON.parse(ip("-json", "link", "show", "dev", device))[0].ifindex;

/** Who talks to whom, how much is said, and for how long they are silent afterwards. */
export interface Talk {
  readonly client: Namespace;
  readonly server: Namespace;
  /** Connected to; the server listens there unless `listens` says where. */
  readonly address: string;
  readonly listens?: string;
  readonly times: number;
  /** Bytes, and milliseconds. */
  readonly size: number;
  readonly silence: number;
  /** `ss` looks at the server's socket, not at the client's. */
  readonly atServer?: true;
}

/** How to talk in an emulated machine, where milliseconds are long. */
export const SLOWLY = { times: 2, size: 20_000, silence: 800 };

/** What `ss` said in one silence. */
export interface Heard {
  readonly time: number;
  /** The client's. */
  readonly port: number;
  readonly ss: string;
}

export async function talked(talk: Talk): Promise<Heard[]> {
  const serving = await served(talk.server, talk.listens ?? talk.address);
  const heard = await listened(talk);
  await serving.stop();
  return heard;
}

/** Listens until it is stopped; `::` is all addresses of either version. */
export async function served(server: Namespace, listens: string): Promise<Child> {
  const serving = start(server, [process.execPath, "test/e2e/talk-process.mjs", "serve", listens, "7000"]);
  await serving.says(/listening/);
  return serving;
}

/** A talk to a server that listens. */
export async function listened(talk: Omit<Talk, "listens">): Promise<Heard[]> {
  const { client, server, address, times, size, silence, atServer } = talk;
  const words = [address, 7000, times, size, silence, ...(atServer ? [server.name] : [])].map(String);
  const talking = start(client, [process.execPath, "test/e2e/talk-process.mjs", "talk", ...words]);
  const ended = await until("the talk", () => talking.ended(), { seconds: 180, evidence: talking.stdout });
  expect(ended.code, talking.stderr()).toBe(0);
  const lines = talking.stdout().trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Heard);
}
