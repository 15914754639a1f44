// Taps while interfaces are added, come up, change, are renamed, are removed and are added again.

import { describe, expect, it } from "vitest";
import { PosixRegex } from "../../../agent/config/posix-regex.ts";
import { create } from "../../../agent/modules/pcap/index.ts";
import { INTERNAL } from "../../../agent/sflow/port.ts";
import { adaptor, FakeInterfaces, mac } from "../../fakes/interfaces.ts";
import { ethernet, hex, ipv4, tcp } from "../../packet/frames.ts";
import { block } from "./block.ts";
import { captured } from "./captured.ts";
import { surroundings } from "./context.ts";

const frame = hex(ethernet("0800"), ipv4("06"), tcp(1, 2));

async function started(interfaces: FakeInterfaces, ...blocks: ReturnType<typeof block>[]) {
  const around = surroundings(interfaces);
  const running = create(blocks, around.context);
  await running.start();
  return { ...around, running, interfaces };
}

describe("at start", () => {
  it("each interface that a block matches gets one tap, and its counters are polled", async () => {
    const table = new FakeInterfaces(
      adaptor(1, "lo", { speed: 0 }),
      adaptor(2, "eth0"),
      adaptor(3, "eth1", { adminUp: false }),
      adaptor(4, "veth0", { kind: "veth" }),
    );
    const { engine, said, running } = await started(table, block({ promisc: true }), block({ dev: "lo", sampling: 7 }));
    expect(engine.open_).toEqual(["lo 1-in-7", "eth0 1-in-1000"]);
    expect(engine.at(2).options).toEqual({
      index: 2,
      name: "eth0",
      hardwareType: 1,
      samplingRate: 1000,
      headerBytes: 128,
      promiscuous: true,
    });
    expect([...table.polled]).toEqual([1, 2]);
    expect(said).toEqual([
      "info: lo: sampled 1-in-7 (pcap { sampling=7 })",
      "info: eth0: sampled 1-in-1000 (by speed)",
    ]);
    expect(running.counters?.()).toMatchObject({ taps: 2, failures: 0 });
  });

  it("a missing device is logged once, and sampled when it appears", async () => {
    const { engine, said, interfaces, clock } = await started(new FakeInterfaces(), block({ dev: "eth9" }));
    clock.advance(60);
    expect(said).toEqual(["warn: there is no interface eth9: it is sampled as soon as it appears"]);
    interfaces.put(adaptor(9, "eth9"));
    expect(engine.open_).toEqual(["eth9 1-in-1000"]);
  });
});

describe("without a restart", () => {
  it("a tap is opened and closed when its interface is added and removed", async () => {
    const { engine, interfaces } = await started(new FakeInterfaces(), block());
    interfaces.put(adaptor(2, "eth0", { adminUp: false }));
    expect(engine.open_).toEqual([]);
    interfaces.put(adaptor(2, "eth0"));
    expect(engine.open_).toEqual(["eth0 1-in-1000"]);
    interfaces.put(adaptor(2, "eth0", { adminUp: false }));
    expect(engine.open_).toEqual([]);
    interfaces.put(adaptor(2, "eth0"));
    interfaces.remove(2);
    expect(engine.open_).toEqual([]);
    expect(interfaces.polled.size).toBe(0);
    interfaces.put(adaptor(8, "eth0"));
    expect(engine.open_).toEqual(["eth0 1-in-1000"]);
    expect(engine.taps.length).toBe(3);
  });

  it("the end of a pair is sampled in a container, until the namespace has a hardware card", async () => {
    const end = adaptor(2, "eth0", { kind: "veth", link: 7, linkNamespace: 0 });
    const { engine, interfaces } = await started(new FakeInterfaces(end), block());
    expect(engine.open_).toEqual(["eth0 1-in-1000"]);
    interfaces.put(adaptor(3, "vf0"));
    expect(engine.open_).toEqual(["vf0 1-in-1000"]);
    interfaces.remove(3);
    expect(engine.open_).toEqual(["eth0 1-in-1000"]);
  });

  it("a new speed or header size changes the same tap", async () => {
    const { engine, interfaces, settings, said } = await started(new FakeInterfaces(adaptor(2, "eth0")), block());
    settings.headerBytes = 64;
    interfaces.put(adaptor(2, "eth0", { speed: 1e10 }));
    expect(engine.taps.length).toBe(1);
    expect(engine.at(2).options).toMatchObject({ samplingRate: 10_000, headerBytes: 64 });
    expect(said.at(-1)).toBe("info: eth0: sampled 1-in-10000 from now on (by speed)");
  });

  it("a renamed interface is matched by its new name", async () => {
    const { engine, interfaces } = await started(
      new FakeInterfaces(adaptor(2, "eth0")),
      block({ "dev.pattern": new PosixRegex("^eth") }),
      block({ dev: "wan", sampling: 10 }),
    );
    interfaces.put(adaptor(2, "wan"));
    expect(engine.open_).toEqual(["wan 1-in-10"]);
    interfaces.put(adaptor(2, "lan"));
    expect(engine.open_).toEqual([]);
  });

  it("a tap that ended is opened again at the next change, and at the next attempt", async () => {
    const { engine, interfaces, clock, said } = await started(new FakeInterfaces(adaptor(2, "eth0")), block());
    engine.at(2).end("the interface was removed");
    expect(engine.open_).toEqual([]);
    expect(said.at(-1)).toBe("info: eth0: no longer sampled: the interface was removed");
    interfaces.put(adaptor(2, "eth0"));
    expect(engine.open_).toEqual(["eth0 1-in-1000"]);
    engine.taps[0]?.end("late");
    expect(engine.open_).toEqual(["eth0 1-in-1000"]);
    engine.at(2).end("once more");
    clock.advance(10);
    expect(engine.open_).toEqual(["eth0 1-in-1000"]);
  });
});

describe("a tap that cannot be opened", () => {
  it("is logged once, counted, and tried again", async () => {
    const table = new FakeInterfaces(adaptor(2, "eth0"));
    const around = surroundings(table);
    around.engine.obstacle = new Error("packet-socket: eth0: EPERM; packet sockets need CAP_NET_RAW");
    const running = create([block()], around.context);
    await running.start();
    around.clock.advance(25);
    expect(around.said).toEqual([
      "warn: eth0 cannot be sampled: packet-socket: eth0: EPERM; packet sockets need CAP_NET_RAW",
    ]);
    expect(running.counters?.()).toMatchObject({ taps: 0, failures: 3 });
    around.engine.obstacle = undefined;
    around.clock.advance(10);
    expect(around.engine.open_).toEqual(["eth0 1-in-1000"]);
  });
});

describe("packets", () => {
  it("go to the sampler of their interface, with the rate at which they were sampled", async () => {
    const { engine, written, running } = await started(new FakeInterfaces(adaptor(2, "eth0")), block());
    engine.at(2).deliver(captured([{ bytes: frame }, { bytes: frame, packetType: 4 }], 50, 6));
    expect(written).toEqual([
      {
        source: "0:2",
        count: 2,
        samplingRate: 50,
        drops: 6,
        ports: [
          [2, INTERNAL],
          [INTERNAL, 2],
        ],
      },
    ]);
    expect(running.counters?.()).toEqual({ taps: 1, packets: 2, drops: 6, notIp: 0, failures: 0, bufferBytes: 65_536 });
  });

  it("are counted if they are not IP", async () => {
    const tun = adaptor(4, "tun0", { kind: "tun", hardwareType: 65534 });
    const { engine, written, running } = await started(new FakeInterfaces(tun), block());
    engine.at(4).deliver(captured([{ bytes: hex("00"), hardwareType: 65534 }]));
    expect(written).toMatchObject([{ count: 0 }]);
    expect(running.counters?.()).toMatchObject({ packets: 1, notIp: 1 });
  });

  it.each([
    [undefined, [5, 6]],
    [false, [5]],
  ])("at a bridge with vport %s have counters polled of %j", async (vport, polled) => {
    const table = new FakeInterfaces(
      adaptor(5, "br0", { kind: "bridge" }),
      adaptor(6, "vnet0", { mac: mac("02:00:00:00:00:01"), adminUp: false }),
    );
    const { engine, running } = await started(table, block({ vport }));
    engine.at(5).deliver(captured([{ bytes: frame }, { bytes: frame }]));
    expect([...table.polled]).toEqual(polled);
    await running.stop();
    expect([...table.polled]).toEqual([]);
  });

  it("have the counters of a port polled that an annotator added, until the port is removed", async () => {
    const table = new FakeInterfaces(adaptor(5, "br0", { kind: "bridge" }), adaptor(7, "veth1", { kind: "veth" }));
    const { engine, context } = await started(table, block({ dev: "br0" }));
    context.flows.annotate(({ output }) => {
      output[0] = 7;
    });
    engine.at(5).deliver(captured([{ bytes: frame }]));
    expect([...table.polled]).toEqual([5, 7]);
    table.remove(7);
    engine.at(5).deliver(captured([{ bytes: frame }]));
    expect([...table.polled]).toEqual([5]);
  });

  it("find a port by its present MAC", async () => {
    const table = new FakeInterfaces(adaptor(5, "br0", { kind: "bridge" }));
    const { engine, written } = await started(table, block());
    engine.at(5).deliver(captured([{ bytes: frame }]));
    table.put(adaptor(6, "vnet0", { mac: mac("02:00:00:00:00:01"), adminUp: false }));
    engine.at(5).deliver(captured([{ bytes: frame }]));
    expect(written.map(({ ports }) => ports[0])).toEqual([
      [5, INTERNAL],
      [6, INTERNAL],
    ]);
  });
});

it("closes every tap and leaves no timer when it stops", async () => {
  const { engine, running, interfaces, clock } = await started(new FakeInterfaces(adaptor(2, "eth0")), block());
  await running.stop();
  expect(engine.open_).toEqual([]);
  expect(interfaces.polled.size).toBe(0);
  expect(clock.timers).toBe(0);
  interfaces.put(adaptor(3, "eth1"));
  expect(engine.open_).toEqual([]);
});
