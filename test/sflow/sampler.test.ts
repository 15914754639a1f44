// Flow samples: sequence numbers, pool, drops, and the size limit.

import { describe, expect, test } from "vitest";
import { HOST, interfaceSource } from "../../agent/sflow/data-source.ts";
import type { DecodedFlowSample } from "../../agent/sflow/decode/values.ts";
import { recordOf } from "../../agent/sflow/decode.ts";
import { flowRecord } from "../../agent/sflow/record.ts";
import { extendedAcl } from "../../agent/sflow/records/flow/extended-acl.ts";
import { extendedSwitch } from "../../agent/sflow/records/flow/extended-switch.ts";
import { extendedTcpInfo } from "../../agent/sflow/records/flow/extended-tcp-info.ts";
import { sampledEthernet } from "../../agent/sflow/records/flow/sampled-ethernet.ts";
import { sampledHeader } from "../../agent/sflow/records/flow/sampled-header.ts";
import { type BenchOptions, makeBench } from "./agent-bench.ts";
import { many, type Packet, packets } from "./packets.ts";

const ETH0 = interfaceSource(3);
const acl = (name: string) => flowRecord(extendedAcl, { number: 1, name, direction: 1 });
const tcp = flowRecord(extendedTcpInfo, extendedTcpInfo.unknown);

/** Returns the only sample of a packet. */
function sampleOf(packet: Partial<Packet>, options?: BenchOptions) {
  const { agent, receiver, sent, failures } = makeBench(options);
  agent.sampler(ETH0).write(packets([packet]));
  receiver.flush();
  const [sample] = sent.samples as DecodedFlowSample[];
  if (sample === undefined) throw new Error("nothing was sent");
  const formats = sample.records.map(({ format }) => format);
  return { sample, formats, header: recordOf(sample.records, sampledHeader), counters: agent.counters, sent, failures };
}

describe("numbers", () => {
  test("the pool grows by the rate for each packet and drop, and drops add up", () => {
    const { agent, receiver, sent } = makeBench();
    const sampler = agent.sampler(ETH0);
    sampler.write(many(2, {}, { samplingRate: 400 }));
    sampler.write(many(1, {}, { samplingRate: 1000, drops: 3 }));
    sampler.write(many(1, {}, { samplingRate: 10, drops: 1 }));
    receiver.flush();
    expect(sent.samples).toMatchObject([
      { sequenceNumber: 1, samplingRate: 400, samplePool: 400, drops: 0 },
      { sequenceNumber: 2, samplingRate: 400, samplePool: 800, drops: 0 },
      { sequenceNumber: 3, samplingRate: 1000, samplePool: 4800, drops: 3 },
      { sequenceNumber: 4, samplingRate: 10, samplePool: 4820, drops: 4 },
    ]);
  });

  test("wrap at 2^32", () => {
    const { agent, receiver, sent } = makeBench({ firstSample: 2 ** 32 - 3, firstPool: 2 ** 32 - 3 });
    agent.sampler(ETH0).write(many(5, {}, { samplingRate: 1 }));
    receiver.flush();
    expect(sent.samples).toMatchObject([
      { sequenceNumber: 0xffff_fffd, samplePool: 0xffff_fffe },
      { sequenceNumber: 0xffff_fffe, samplePool: 0xffff_ffff },
      { sequenceNumber: 0xffff_ffff, samplePool: 0 },
      { sequenceNumber: 0, samplePool: 1 },
      { sequenceNumber: 1, samplePool: 2 },
    ]);
  });

  test("are exact for the largest rates and losses, and drops wrap too", () => {
    const { agent, receiver, sent } = makeBench();
    const sampler = agent.sampler(ETH0);
    sampler.write(many(1, {}, { samplingRate: 0xffff_fff1, drops: 0xffff_fff7 }));
    sampler.write(many(1, {}, { samplingRate: 1, drops: 10 }));
    receiver.flush();
    expect(sent.samples).toMatchObject([
      { samplePool: (15 * 9 - 15) % 2 ** 32, drops: 0xffff_fff7 },
      { samplePool: 15 * 9 - 15 + 11, drops: 1 },
    ]);
  });

  test("are separate for each data source", () => {
    const { agent, receiver, sent } = makeBench();
    expect(agent.sampler(ETH0)).toBe(agent.sampler(interfaceSource(3)));
    agent.sampler(ETH0).write(many(1));
    agent.sampler(HOST).write(many(1));
    agent.sampler(interfaceSource(3)).write(many(1));
    receiver.flush();
    expect(sent.samples).toMatchObject([
      { source: ETH0, sequenceNumber: 1 },
      { source: HOST, sequenceNumber: 1 },
      { source: ETH0, sequenceNumber: 2 },
    ]);
  });

  test("start again for a data source that was forgotten", () => {
    const { agent, receiver, sent } = makeBench();
    agent.sampler(ETH0).write(many(2));
    agent.forget(ETH0);
    agent.sampler(ETH0).write(many(1));
    receiver.flush();
    expect(sent.samples).toMatchObject([{ sequenceNumber: 1 }, { sequenceNumber: 2 }, { sequenceNumber: 1 }]);
  });
});

describe("records", () => {
  test("are in the order of their formats, not in the order of their addition", () => {
    const records = [tcp, acl("in"), flowRecord(extendedSwitch, extendedSwitch.unknown)];
    expect(sampleOf({ records, seconds: 1, nanoseconds: 2 }).formats).toEqual([1, 1001, 1037, 1043, 2209]);
  });

  test("with a value of the wrong type are left out and logged", () => {
    const broken = flowRecord(sampledEthernet, { ...sampledEthernet.unknown, src_mac: new Uint8Array(5) });
    const { formats, failures } = sampleOf({ records: [broken, tcp] });
    expect(formats).toEqual([1, 2209]);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^flow samples 0:3: /);
  });
});

describe("a sample that is too large", () => {
  const header = new Uint8Array(128).fill(7);

  test("loses the records that do not fit", () => {
    const { formats, counters, sent } = sampleOf(
      { header, records: [acl("x".repeat(200)), tcp] },
      { datagramBytes: 300 },
    );
    expect(formats).toEqual([1, 2209]);
    expect(counters).toMatchObject({ recordsLeftOut: 1, headersCut: 0 });
    expect(sent.sizes).toEqual([28 + 52 + 24 + 128 + 56]);
  });

  test("loses the timestamp before the header", () => {
    const { formats, counters } = sampleOf({ header, seconds: 1 }, { datagramBytes: 28 + 52 + 24 + 128 + 12 });
    expect(formats).toEqual([1]);
    expect(counters).toMatchObject({ recordsLeftOut: 1, headersCut: 0 });
  });

  test("truncates its header only if that does not fit alone", () => {
    const big = sampleOf(
      { header, frameLength: 1518, stripped: 4, seconds: 1, records: [tcp] },
      { datagramBytes: 200 },
    );
    expect(big.formats).toEqual([1]);
    expect(big.header).toMatchObject({ frame_length: 1518, stripped: 4, header: header.subarray(0, 96) });
    expect(big.sent.sizes).toEqual([200]);
    expect(big.counters).toMatchObject({ headersCut: 1, recordsLeftOut: 2 });
  });
});
