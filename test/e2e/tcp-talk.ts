// A TCP conversation that an agent samples, with pauses in which `ss` reads its sockets.

import { expect } from "vitest";
import { type Agent, type makeFolder, startAgent } from "./agent.ts";
import { type Child, start } from "./child.ts";
import { until } from "./command.ts";
import type { Namespace } from "./namespaces.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

/**
 * Starts an agent with `tcp { }` and these options. When it returns, every packet of the interfaces in `host` is
 * sampled.
 */
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

/** Asks by netlink: where an engine runs, /sys belongs to another namespace. */
export const indexOf = ({ ip }: Namespace, device: string): number =>
  JSON.parse(ip("-json", "link", "show", "dev", device))[0].ifindex;

/** A conversation: its two ends, the bytes of each message, and the pauses between messages. */
export interface Talk {
  readonly client: Namespace;
  readonly server: Namespace;
  /** The address to connect to; the server listens there unless `listens` is set. */
  readonly address: string;
  readonly listens?: string;
  readonly times: number;
  /** Bytes, and milliseconds. */
  readonly size: number;
  readonly silence: number;
  /** Whether `ss` reads the server's socket instead of the client's. */
  readonly atServer?: true;
}

/** For an emulated machine, which needs longer pauses. */
export const SLOWLY = { times: 2, size: 20_000, silence: 800 };

/** The output of `ss` in one pause. */
export interface Heard {
  readonly time: number;
  /** The port of the client. */
  readonly port: number;
  readonly ss: string;
}

export async function talked(talk: Talk): Promise<Heard[]> {
  const serving = await served(talk.server, talk.listens ?? talk.address);
  const heard = await listened(talk);
  await serving.stop();
  return heard;
}

/** Listens until it is stopped; `::` means all addresses of both IP versions. */
export async function served(server: Namespace, listens: string): Promise<Child> {
  const serving = start(server, [process.execPath, "test/e2e/talk-process.mjs", "serve", listens, "7000"]);
  await serving.says(/listening/);
  return serving;
}

/** Runs a conversation with a server that listens already. */
export async function listened(talk: Omit<Talk, "listens">): Promise<Heard[]> {
  const { client, server, address, times, size, silence, atServer } = talk;
  const words = [address, 7000, times, size, silence, ...(atServer ? [server.name] : [])].map(String);
  const talking = start(client, [process.execPath, "test/e2e/talk-process.mjs", "talk", ...words]);
  const ended = await until("the talk", () => talking.ended(), { seconds: 180, evidence: talking.stdout });
  expect(ended.code, talking.stderr()).toBe(0);
  const lines = talking.stdout().trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Heard);
}
