// The block as a whole, on a host without a bus.

import { expect, it } from "vitest";
import { create } from "../../../agent/modules/systemd/index.ts";
import { serviceUuid } from "../../../agent/modules/systemd/unit-name.ts";
import type { AgentStatus } from "../../../agent/report/agent-status.ts";
import { makeFakeContext } from "../../fakes/context.ts";
import { makeFakeHost } from "../../fakes/host.ts";
import { eventually } from "./eventually.ts";

const GROUP = "/g/system.slice/ssh.service";
const TEXTS = {
  "/proc/mounts": "cgroup2 /g cgroup2 rw 0 0",
  "/g/system.slice/cgroup.procs": "",
  [`${GROUP}/cgroup.procs`]: "7\n",
  [`${GROUP}/cgroup.events`]: "populated 1\n",
  [`${GROUP}/cpu.stat`]: "usage_usec 5000\n",
  "/proc/7/stat": "7 (sshd) S 1",
};

const CONFIG = {
  ...{ refreshVMs: undefined, dropPriv: false, markTraffic: true },
  ...{ cgroup_procs: undefined, cgroup_acct: undefined },
};

it("begins when the agent has an address, which is part of the UUIDs", async () => {
  const host = makeFakeHost({ texts: TEXTS, env: { DBUS_SYSTEM_BUS_ADDRESS: "unix:path=/nowhere/bus" } });
  const found: { agentAddress?: { address: string; device: undefined } } = {};
  const context = makeFakeContext({ host, status: () => ({ ...({} as AgentStatus), ...found }) });
  const block = create(CONFIG, context);
  await block.start();
  host.clock.advance(5);
  expect(block.counters?.()).toMatchObject({ running: 0 });
  found.agentAddress = { address: "10.0.0.1", device: undefined };
  host.clock.advance(1);
  await eventually(() => expect(block.counters?.()).toMatchObject({ running: 1, started: 1 }));
  const [source = ""] = [...context.agent.pollers.keys()].filter((key) => key.startsWith("3:"));
  const uuid = serviceUuid(context.settings.uuid, "ssh.service", Uint8Array.of(10, 0, 0, 1));
  expect(context.agent.sample(source)).toMatchObject({ host_descr: { uuid } });
  await block.stop();
  expect(host.clock.timers).toBe(0);
});

it("stops while it waits for an address", async () => {
  const host = makeFakeHost();
  const block = create(CONFIG, makeFakeContext({ host, status: () => ({}) as AgentStatus }));
  await block.start();
  await block.stop();
  expect(host.clock.timers).toBe(0);
});

it("reports the services of the control groups, and releases everything when it stops", async () => {
  const host = makeFakeHost({ texts: TEXTS, env: { DBUS_SYSTEM_BUS_ADDRESS: "unix:path=/nowhere/bus" } });
  const context = makeFakeContext({ host });
  const block = create(CONFIG, context);
  await block.start();
  await eventually(() => expect(block.counters?.()).toMatchObject({ running: 1, started: 1, found: 1 }));
  const [source = ""] = [...context.agent.pollers.keys()].filter((key) => key.startsWith("3:"));
  expect(context.agent.sample(source)).toMatchObject({
    host_descr: { hostname: "ssh.service" },
    virt_cpu: { state: 1, cpuTime: 5 },
  });
  expect(block.report?.()).toMatchObject({
    obstacle: expect.stringContaining("no bus there"),
    remedy: expect.stringContaining("dbus"),
  });
  await block.stop();
  await block.stop();
  expect([host.sockets.open, host.clock.timers]).toEqual([[], 0]);
  expect(Object.values(block.counters?.() ?? {}).every(Number.isInteger)).toBe(true);
});
