// Context for blocks that poll counters: the files of a captured host, links that a test changes, an agent polled by hand.

import { type InterfaceTable, makeInterfaces } from "../../agent/interfaces/table.ts";
import type { Context } from "../../agent/modules/module.ts";
import { type FakeAgent, makeFakeAgent } from "../fakes/agent.ts";
import type { FakeLink } from "../fakes/link-message.ts";
import { type KeptLog, makeLog } from "../fakes/log.ts";
import { makeRoutedHost, type RoutedHost } from "../fakes/routed-host.ts";

export const UUID = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);

export interface Counting extends Context {
  readonly host: RoutedHost;
  readonly agent: FakeAgent;
  readonly interfaces: InterfaceTable;
  readonly log: KeptLog;
}

export function makeCounting(tree: string, ...links: FakeLink[]): Counting {
  const host = makeRoutedHost(tree, links);
  const log = makeLog();
  const interfaces = makeInterfaces(host, log);
  interfaces.start();
  const settings = { polling: 30, headerBytes: 128, datagramBytes: 1400, subAgentId: 100000, uuid: UUID };
  const context: Pick<Counting, "host" | "agent" | "interfaces" | "log"> & { settings: typeof settings } = {
    host,
    agent: makeFakeAgent(),
    interfaces,
    log,
    settings,
  };
  return context as unknown as Counting;
}
