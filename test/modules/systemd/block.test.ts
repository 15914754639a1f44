// The block as a whole, on a host without a bus.

import { expect, it } from "vitest";
import { create } from "../../../agent/modules/systemd/index.ts";
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

it("reports the services of the control groups, and releases everything when it stops", async () => {
  const host = makeFakeHost({ texts: TEXTS, env: { DBUS_SYSTEM_BUS_ADDRESS: "unix:path=/nowhere/bus" } });
  const context = makeFakeContext({ host });
  const config = {
    ...{ refreshVMs: undefined, dropPriv: false, markTraffic: true },
    ...{ cgroup_procs: undefined, cgroup_acct: undefined },
  };
  const block = create(config, context);
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
