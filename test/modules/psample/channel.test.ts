// The channel of psample { } while the kernel's module is absent, loaded, not permitted, and loaded again.

import { describe, expect, it } from "vitest";
import { adaptor, FakeInterfaces } from "../../fakes/interfaces.ts";
import { started } from "./bed.ts";

const table = () => new FakeInterfaces(adaptor(2, "eth0"), adaptor(3, "eth1"));

async function begun(options: { loaded?: boolean } = {}) {
  const bed = started(table(), {}, options);
  await bed.running.start();
  const counters = () => bed.running.counters?.() ?? {};
  const report = () => bed.running.report?.() ?? {};
  return { ...bed, counters, report };
}

describe("a kernel without the channel", () => {
  it("is reported once with a remedy, and joined as soon as the module is loaded", async () => {
    const { kernel, report, said, counters } = await begun({ loaded: false });
    kernel.host.clock.advance(300);
    expect(said).toEqual([expect.stringMatching(/^warn: the kernel has no psample channel.*modprobe psample/)]);
    expect(report()).toMatchObject({ obstacle: expect.stringContaining("not loaded"), remedy: expect.anything() });
    kernel.load(0x1b, 9);
    kernel.send({ input: 2 });
    expect(counters()).toMatchObject({ packets: 1 });
    expect(report().obstacle).toBeUndefined();
    expect(said.at(-1)).toBe("info: listening to the psample channel of the kernel");
  });

  it("is asked again every minute if it does not report changes", async () => {
    const { kernel, counters } = await begun({ loaded: false });
    kernel.family = { id: 0x1b, group: 9 };
    kernel.host.clock.advance(60);
    kernel.send({ input: 2 });
    expect(counters()).toMatchObject({ packets: 1 });
  });

  it("is left and joined again under another number when the module is reloaded, and counts no drop", async () => {
    const { kernel, counters, report } = await begun();
    kernel.send({ input: 2, sequence: 500 });
    kernel.unload();
    expect(report().obstacle).toContain("not loaded");
    expect(kernel.members(9)).toEqual([]);
    kernel.load(0x1c, 11);
    kernel.send({ input: 2, sequence: 700 });
    expect(kernel.members(11)).toHaveLength(1);
    expect(counters()).toMatchObject({ packets: 2, drops: 0 });
  });
});

it("a missing permission to join the channel is reported, and joining is tried again", async () => {
  const bed = started(table());
  bed.kernel.host.sockets.onOpen = ((before) => (socket) => {
    before(socket);
    if (bed.kernel.host.sockets.opened.length === 3) bed.kernel.host.sockets.fail("setOption", "EPERM", 2);
  })(bed.kernel.host.sockets.onOpen);
  await bed.running.start();
  expect(bed.running.report?.()).toMatchObject({
    obstacle: expect.stringContaining("EPERM"),
    remedy: expect.stringContaining("CAP_NET_ADMIN"),
  });
  bed.kernel.host.clock.advance(60);
  expect(bed.running.report?.().obstacle).toBeUndefined();
});

it("a reload with another group changes the accepted samples, and keeps the channel", async () => {
  const { kernel, running, counters } = await begun();
  kernel.send({ input: 2 });
  const before = kernel.host.sockets.opened.length;
  await running.reconfigure?.({ group: 5, ingress: true, egress: true });
  kernel.send({ input: 2, sequence: 9 }, { input: 2, group: 5 }, { output: 2, group: 6 });
  expect(counters()).toMatchObject({ packets: 3, otherGroups: 1, drops: 0 });
  expect(kernel.host.sockets.opened.length).toBe(before);
});

describe("an interface that is sampled", () => {
  it("has its counters polled until it is removed", async () => {
    const { kernel, interfaces, report, running } = await begun();
    kernel.send({ input: 2, sequence: 0 }, { input: 3, sequence: 1 });
    expect([...interfaces.polled]).toEqual([2, 3]);
    interfaces.remove(2);
    expect([...interfaces.polled]).toEqual([3]);
    expect(report().taps).toMatchObject([{ interface: "eth1", index: 3 }]);
    kernel.send({ input: 2, sequence: 2 });
    await running.stop();
    expect([...interfaces.polled]).toEqual([]);
  });
});

it("stops with no socket and no timer left", async () => {
  const { kernel, running } = await begun();
  kernel.send({ input: 2 });
  await running.stop();
  expect([kernel.host.sockets.open, kernel.host.clock.timers]).toEqual([[], 0]);
});
