// Context for blocks that poll counters: the files of a captured host, links that a test changes, a fake agent.

import { type InterfaceTable, makeInterfaces } from "../../agent/interfaces/table.ts";
import type { Context } from "../../agent/modules/module.ts";
import type { FakeAgent } from "../fakes/agent.ts";
import { makeFakeContext } from "../fakes/context.ts";
import type { FakeLink } from "../fakes/link-message.ts";
import { type KeptLog, makeLog } from "../fakes/log.ts";
import { makeRoutedHost, type RoutedHost } from "../fakes/routed-host.ts";

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
  return makeFakeContext({ host, interfaces, log });
}
