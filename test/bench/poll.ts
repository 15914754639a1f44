// The cost of a poll: the samples of the host and of a hundred interfaces, with the files of /proc read, without
// netlink.

import { makeLinuxHost } from "../../agent/host/linux.ts";
import { makeInterfaces } from "../../agent/interfaces/table.ts";
import { create as createHost } from "../../agent/modules/host/index.ts";
import { create as createInterfaces } from "../../agent/modules/interfaces/index.ts";
import { makeFakeAgent } from "../fakes/agent.ts";
import { makeFakeContext } from "../fakes/context.ts";
import type { FakeLink } from "../fakes/link-message.ts";
import { makeLog } from "../fakes/log.ts";
import { makeRouteKernel } from "../fakes/route-kernel.ts";
import { makeFakeShim } from "../fakes/shim.ts";

const INTERFACES = 100;
const ROUNDS = 60;
/** Milliseconds between polls: longer than counters are kept, and enough for caches to grow cold. */
const PAUSE = 110;
const WARM_UP = 20;

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE));

/** Microseconds of processor time, the median. */
export async function benchPoll(): Promise<number> {
  const sockets = makeFakeShim();
  const stats = { rx_bytes: 1e12, rx_packets: 1e9, tx_bytes: 1e12, tx_packets: 1e9, multicast: 1e5 };
  makeRouteKernel(
    sockets,
    ...Array.from({ length: INTERFACES }, (_, i): FakeLink => ({ index: i + 1, name: `e${i}`, stats })),
  );
  const real = makeLinuxHost();
  const host = { ...real, sockets };
  const log = makeLog();
  const interfaces = makeInterfaces(host, log);
  interfaces.start();
  const agent = makeFakeAgent();
  const context = makeFakeContext({ host, agent, interfaces, log });
  const parts = [createHost([{}], context), createInterfaces([{}], context)];
  for (const part of parts) await part.start();
  const spent: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await pause();
    for (const { index } of interfaces.all()) interfaces.counters(index);
    const before = process.cpuUsage();
    for (const source of agent.pollers.keys()) agent.read(source);
    const { user, system } = process.cpuUsage(before);
    if (round >= WARM_UP) spent.push(user + system);
  }
  for (const part of parts.toReversed()) await part.stop();
  interfaces.stop();
  return spent.sort((a, b) => a - b)[spent.length >> 1] ?? Number.NaN;
}
