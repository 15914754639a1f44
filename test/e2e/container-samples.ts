// Decodes samples of containers without the agent's code. sFlow Host Structures.

import type { Counters, Datagram } from "./walk.ts";

export interface ContainerSample {
  /** Arrival of its datagram, in seconds of the UNIX epoch. */
  readonly time: number;
  readonly source: string;
  readonly sequence: number;
  readonly hostname: string;
  readonly uuid: string;
  readonly parent: string;
  readonly state: number;
  /** Milliseconds; 0xffffffff unknown. */
  readonly cpuTime: number;
  readonly processors: number;
  readonly memory: number | undefined;
  readonly maxMemory: number | undefined;
  /** rd_req, rd_bytes, wr_req, wr_bytes. */
  readonly disk: readonly number[] | undefined;
  /** bytes and packets received, bytes and packets sent. */
  readonly traffic: readonly number[] | undefined;
  readonly adapters: readonly { readonly ifIndex: number; readonly mac: string }[] | undefined;
}

const RUNNING = 1;

const big = (record: Buffer, at: number) => Number(record.readBigUInt64BE(at));

export function containerSamples(datagrams: readonly Datagram[]): ContainerSample[] {
  return datagrams.flatMap(({ time, counters }) =>
    counters.filter(({ source }) => source.startsWith("3:")).map((sample) => read(sample, time)),
  );
}

function read({ source, sequence, records }: Counters, time: number): ContainerSample {
  const description = records.get(2000) ?? Buffer.alloc(24);
  const cpu = records.get(2101) ?? Buffer.alloc(12);
  const parent = records.get(2002) ?? Buffer.alloc(8);
  const name = description.readUInt32BE(0);
  const uuid = 4 + Math.ceil(name / 4) * 4;
  return {
    time,
    source,
    sequence,
    hostname: description.toString("utf8", 4, 4 + name),
    uuid: description.toString("hex", uuid, uuid + 16),
    parent: `${parent.readUInt32BE(0)}:${parent.readUInt32BE(4)}`,
    state: cpu.readUInt32BE(0),
    cpuTime: cpu.readUInt32BE(4),
    processors: cpu.readUInt32BE(8),
    ...readMemory(records.get(2102)),
    disk: readDisk(records.get(2103)),
    traffic: readTraffic(records.get(2104)),
    adapters: readAdapters(records.get(2001)),
  };
}

const readMemory = (record: Buffer | undefined) => ({
  memory: record && big(record, 0),
  maxMemory: record && big(record, 8),
});

const readDisk = (record: Buffer | undefined) =>
  record && [record.readUInt32BE(24), big(record, 28), record.readUInt32BE(36), big(record, 40)];

const readTraffic = (record: Buffer | undefined) =>
  record && [big(record, 0), record.readUInt32BE(8), big(record, 20), record.readUInt32BE(28)];

function readAdapters(record: Buffer | undefined) {
  if (record === undefined) return undefined;
  const adapters: { ifIndex: number; mac: string }[] = [];
  for (let i = 0, at = 4; i < record.readUInt32BE(0); i++) {
    const macs = record.readUInt32BE(at + 4);
    adapters.push({ ifIndex: record.readUInt32BE(at), mac: record.toString("hex", at + 8, at + 14) });
    at += 8 + macs * 8;
  }
  return adapters;
}

/** The samples of one run of a container, numbered from 1. */
export interface Life {
  readonly uuid: string;
  readonly samples: readonly ContainerSample[];
}

export function livesOf(samples: readonly ContainerSample[]): Life[] {
  const lives: { uuid: string; samples: ContainerSample[] }[] = [];
  for (const sample of samples) {
    const life = lives.findLast(({ uuid }) => uuid === sample.uuid);
    if (life === undefined || sample.sequence === 1) lives.push({ uuid: sample.uuid, samples: [sample] });
    else life.samples.push(sample);
  }
  return lives;
}

/** Returns the states in order, without polls of a running container: their number depends on the machine. */
export const course = (samples: readonly ContainerSample[]): number[] =>
  samples.map(({ state }) => state).filter((state, i) => i === 0 || state !== RUNNING);

/** A container's id begins with its UUID. */
export const uuidOf = (id: string): string => id.slice(0, 32);

/** `p50 1.2, p99 3.4, max 5.6`. */
export function spread(values: readonly number[], digits = 1): { p50: number; p99: number; max: number; text: string } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
  const [p50, p99, max] = [at(0.5), at(0.99), at(1)];
  const text = `p50 ${p50.toFixed(digits)}, p99 ${p99.toFixed(digits)}, max ${max.toFixed(digits)}`;
  return { p50, p99, max, text };
}
