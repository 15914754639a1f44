// A stream without fault, made by hand: 100 s of an agent that samples a numbered load and polls. Checks find nothing
// in it.

import { hostAdapters } from "../../agent/sflow/records/counter/host-adapters.ts";
import { hostCpu } from "../../agent/sflow/records/counter/host-cpu.ts";
import { hostDescr } from "../../agent/sflow/records/counter/host-descr.ts";
import { hostDiskIo } from "../../agent/sflow/records/counter/host-disk-io.ts";
import { hostMemory } from "../../agent/sflow/records/counter/host-memory.ts";
import { hostNetIo } from "../../agent/sflow/records/counter/host-net-io.ts";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { extendedTimestamp } from "../../agent/sflow/records/flow/extended-timestamp.ts";
import { sampledHeader } from "../../agent/sflow/records/flow/sampled-header.ts";
import { ethernet, ipv4, udp } from "../commands/decode/captures.ts";
import { seededRandom } from "../seeded-random.ts";
import {
  type Bytes,
  countersSample,
  datagram,
  flowSample,
  join,
  record,
  type SampleHead,
  u32,
} from "../sflow/build.ts";
import { defaults, type Expectation } from "./expectation.ts";
import type { Captured } from "./stream.ts";

export const START = 1_700_000_000;
const RATE = 100;
const COUNT = 50_000;
const PORT = 5000;
const SECONDS = 100;
const POLLING = 10;

export const expectation: Expectation = {
  ...defaults,
  polling: POLLING,
  samplingRate: new Map([[3, RATE]]),
  addresses: ["192.0.2.1"],
  started: START - 1,
  numbered: { port: PORT, count: COUNT },
};

const PAYLOAD = 100;

/** Packet `number` of the load, as the agent samples it. */
export function packet(number: number, time: number): Bytes[] {
  const frame = ethernet(ipv4(udp(join(u32(number), new Uint8Array(PAYLOAD - 4)), PORT)));
  const length = frame.length + 4;
  return [
    record(sampledHeader, { protocol: 1, frame_length: length, stripped: 4, header: frame.subarray(0, 128) }),
    record(extendedTimestamp, { nanoseconds: BigInt(Math.round(time * 1e6)) * 1000n }),
  ];
}

export const flow = (number: number, time: number, head: Partial<SampleHead> = {}): Bytes =>
  flowSample(packet(number, time), { rate: RATE, input: [0, 0x3fff_ffff], output: [0, 3], ...head });

export const counters = (i: number): { host: Bytes[]; port: Bytes[] } => ({
  host: [
    record(hostDescr, {
      hostname: "web1",
      uuid: new Uint8Array(16).fill(7),
      machine_type: 3,
      os_name: 2,
      os_release: "6.1",
    }),
    record(hostAdapters, { adapters: [{ ifIndex: 3, mac_address: [Uint8Array.of(2, 0, 0, 0, 0, 1)] }] }),
    record(hostCpu, { ...hostCpu.unknown, load_one: 0.5, cpu_num: 2, cpu_user: 2 * POLLING * 1000 * i }),
    record(hostMemory, { ...hostMemory.unknown, mem_total: 1000, mem_free: 500 }),
    record(hostDiskIo, { ...hostDiskIo.unknown, part_max_used: 5000 }),
    record(hostNetIo, { ...hostNetIo.unknown, bytes_in: 100 * i }),
  ],
  port: [
    record(ifCounters, { ...ifCounters.unknown, ifIndex: 3, ifInOctets: 100 * i }),
    record(portName, { name: "eth0" }),
  ],
});

interface Due {
  readonly time: number;
  readonly sample: Bytes;
}

function flows(): Due[] {
  const random = seededRandom(11);
  const due: Due[] = [];
  for (let number = 0; number < COUNT; number++) {
    if (random.below(RATE) !== 0) continue;
    const time = START + (number * SECONDS) / COUNT;
    due.push({ time, sample: flow(number, time, { sequence: due.length + 1, pool: number + 1 }) });
  }
  return due;
}

const polls = (): Due[] =>
  Array.from({ length: SECONDS / POLLING }, (_, i) => {
    const { host, port } = counters(i);
    return [
      { time: START + i * POLLING + 2.5, sample: countersSample(host, { sequence: i + 1, source: [2, 1] }) },
      { time: START + i * POLLING + 7.25, sample: countersSample(port, { sequence: i + 1, source: [0, 3] }) },
    ];
  }).flat();

/** One datagram a sample: checks of datagram size start at 200 samples a second. */
export function goodStream(): Captured[] {
  const due = [...flows(), ...polls()].sort((a, b) => a.time - b.time);
  return due.map(({ time, sample }, i) => ({
    time: time + 0.1,
    payload: datagram([sample], { sequence: i + 1, uptime: Math.round((time - START) * 1000) + 5_000_000 }),
  }));
}
