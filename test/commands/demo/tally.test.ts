// What the demo's collector counts: samples, the packets they stand for, and lost samples.

import { expect, test } from "vitest";
import { CalmWatch } from "../../../agent/commands/demo/calm.ts";
import { Tally } from "../../../agent/commands/demo/tally.ts";
import type { TapReport } from "../../../agent/report/report.ts";
import { counters, datagram, received } from "./samples.ts";

const sample = (sequenceNumber: number, drops = 0, samplingRate = 10) => ({
  ...received(1, "00", samplingRate),
  sequenceNumber,
  drops,
});

test("counts datagrams, samples, and packets by their sampling rate", () => {
  const tally = new Tally();
  tally.add(datagram(0, counters("2:1", []), sample(1, 0, 1)));
  tally.add(datagram(0, sample(2, 0, 400)));
  expect(tally).toMatchObject({ datagrams: 2, samples: 3, sampledPackets: 2, packets: 401, lost: 0 });
});

test("counts samples lost before the agent by their drops, and behind it by their sequence numbers", () => {
  const tally = new Tally();
  tally.add(datagram(0, sample(1), sample(3), sample(4, 7)));
  tally.add(datagram(0, sample(10, 9)));
  expect(tally.lost).toBe(1 + 7 + 5 + 2);
});

test("counts the sequence numbers of each interface apart", () => {
  const tally = new Tally();
  const other = { ...sample(1), source: { class: 0, index: 3 } };
  tally.add(datagram(0, sample(1), sample(2), other));
  expect(tally.lost).toBe(0);
});

test("a burst is over when few packets pass an interface whose rate was reduced", () => {
  let packets = 0;
  const files = { read: (path: string) => (path.includes("rx_") ? String(packets) : "0") };
  const watch = new CalmWatch({ files } as unknown as ConstructorParameters<typeof CalmWatch>[0], 50);
  const status = (rateInForce: number) => {
    const tap = { interface: "eth0", rate: 1, rateInForce } as TapReport;
    return { modules: [{ name: "pcap", counters: {}, report: { taps: [tap] } }] };
  };
  expect(watch.isOver(status(2048), 5)).toBe(false);
  packets += 250;
  expect(watch.isOver(status(2048), 5)).toBe(false);
  packets += 249;
  expect(watch.isOver(status(2048), 5)).toBe(true);
  expect(watch.isOver(status(1), 5)).toBe(false);
});
