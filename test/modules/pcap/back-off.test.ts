// sampling.limit: N is only ever doubled, never restored by itself, and restored by a reload.

import { expect, it } from "vitest";
import type { PcapConfig } from "../../../agent/modules/pcap/config.ts";
import { create } from "../../../agent/modules/pcap/index.ts";
import { adaptor, FakeInterfaces } from "../../fakes/interfaces.ts";
import { ethernet, hex, ipv4, tcp } from "../../packet/frames.ts";
import { block } from "./block.ts";
import { captured } from "./captured.ts";
import { surroundings } from "./context.ts";

const frame = hex(ethernet("0800"), ipv4("06"), tcp(1, 2));

async function limited(more: Partial<PcapConfig> = {}) {
  const interfaces = new FakeInterfaces(adaptor(2, "eth0"));
  const around = surroundings(interfaces);
  const blocks = [block({ sampling: 10, "sampling.limit": 100, ...more })];
  const running = create(blocks, around.context);
  await running.start();
  const samples = (count: number, drops = 0): void => {
    const packets = Array.from({ length: count }, () => ({ bytes: frame }));
    around.engine.at(2).deliver(captured(packets, around.engine.at(2).options.samplingRate, drops));
    around.clock.advance(0);
  };
  const rate = () => around.engine.at(2).options.samplingRate;
  return { ...around, interfaces, running, blocks, samples, rate };
}

it("doubles once for each second with more samples than the limit", async () => {
  const { samples, rate, clock, said } = await limited();
  samples(100);
  expect(rate()).toBe(10);
  samples(1);
  expect(rate()).toBe(20);
  samples(100);
  expect(rate()).toBe(20);
  samples(300);
  expect(rate()).toBe(40);
  clock.advance(5);
  samples(100);
  clock.advance(1);
  samples(100);
  expect(rate()).toBe(40);
  expect(said.filter((line) => line.startsWith("warn"))).toEqual([
    "warn: eth0: more than 100 samples a second: 1-in-20 instead of 1-in-10, and doubled again while there are more; " +
      "a reload restores it (sampling.limit)",
  ]);
});

it("counts lost samples too", async () => {
  const { samples, rate, written } = await limited();
  samples(0, 101);
  expect(written).toMatchObject([{ count: 0, drops: 101, samplingRate: 10 }]);
  expect(rate()).toBe(20);
});

it("changes the rate after the engine has passed on its batch", async () => {
  const { engine, clock, rate } = await limited();
  engine.at(2).deliver(captured(Array.from({ length: 200 }, () => ({ bytes: frame }))));
  expect(rate()).toBe(10);
  clock.advance(0);
  expect(rate()).toBe(20);
});

it("stays doubled while traffic is low, and when the interface goes down and up", async () => {
  const { samples, rate, clock, interfaces, engine } = await limited();
  samples(101);
  clock.advance(86_400);
  interfaces.put(adaptor(2, "eth0", { adminUp: false }));
  expect(engine.open_).toEqual([]);
  interfaces.put(adaptor(2, "eth0"));
  expect(engine.open_).toEqual(["eth0 1-in-20"]);
  expect(rate()).toBe(20);
});

it("is restored by a reload, whether or not the file has changed", async () => {
  const { samples, rate, running, blocks, said } = await limited();
  samples(101);
  running.restore?.();
  expect(rate()).toBe(10);
  expect(said.at(-1)).toBe("info: eth0: sampled 1-in-10 from now on (pcap { sampling=10 })");
  samples(101);
  await running.reconfigure?.(blocks);
  expect(rate()).toBe(10);
  samples(101);
  expect(said.filter((line) => line.startsWith("warn")).length).toBe(3);
});

it("is the limit of sflow { } if the block has none, and no limit if it is 0", async () => {
  const { samples, rate, settings, running } = await limited({ "sampling.limit": undefined });
  samples(1000);
  expect(rate()).toBe(10);
  settings.samplingLimit = 50;
  running.restore?.();
  samples(51);
  expect(rate()).toBe(20);
});

it("is reported with its tap", async () => {
  const { samples, running } = await limited();
  samples(101);
  expect(running.report?.().taps).toMatchObject([
    { rate: 10, rateInForce: 20, why: "pcap { sampling=10 }, doubled by sampling.limit until a reload" },
  ]);
});
