// Decodes a datagram without the agent's code, so that its codec cannot hide an error of its own. sFlow v5, section
// 5. Expanded samples only, as the agent sends; every length is compared with its contents.

export interface Datagram {
  /** Arrival, in seconds of the UNIX epoch. */
  readonly time: number;
  readonly agent: string;
  readonly subAgent: number;
  readonly sequence: number;
  readonly uptime: number;
  readonly flows: readonly Flow[];
  readonly counters: readonly Counters[];
}

export interface Flow {
  readonly sequence: number;
  readonly source: string;
  readonly rate: number;
  readonly pool: number;
  readonly drops: number;
  readonly input: number;
  readonly output: number;
  readonly records: ReadonlyMap<number, Buffer>;
}

export interface Counters {
  readonly sequence: number;
  readonly source: string;
  readonly records: ReadonlyMap<number, Buffer>;
  /** The whole sample. */
  readonly bytes: Buffer;
}

/** As input or output: the host itself. sFlow v5, "interface". */
export const INTERNAL = 0x3fff_ffff;

/** Returns the numbers that do not follow the one before. */
export const holes = (numbers: readonly number[]): number[] =>
  numbers.filter((number, i) => i > 0 && number !== (numbers[i - 1] as number) + 1);

class Reader {
  readonly bytes: Buffer;
  at = 0;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  word(): number {
    const value = this.bytes.readUInt32BE(this.at);
    this.at += 4;
    return value;
  }
  take(length: number): Buffer {
    if (length % 4 !== 0 || this.at + length > this.bytes.length) {
      throw new Error(`length ${length} at ${this.at} of ${this.bytes.length}`);
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  end(): void {
    if (this.at !== this.bytes.length) throw new Error(`${this.bytes.length - this.at} bytes left over`);
  }
}

/** The sample of zeros by which `hsflowd doctor` makes its datagram as long as those of the agent. */
const PROBE_FORMAT = 32_473 * 4096 + 1;

export function walk(payload: Buffer, time = 0): Datagram {
  const reader = new Reader(payload);
  const version = reader.word();
  if (version !== 5) throw new Error(`version ${version}`);
  const agent = reader.take(reader.word() === 1 ? 4 : 16).toString("hex");
  const [subAgent, sequence, uptime, count] = [reader.word(), reader.word(), reader.word(), reader.word()];
  const flows: Flow[] = [];
  const counters: Counters[] = [];
  for (let i = 0; i < count; i++) {
    const format = reader.word();
    const body = new Reader(reader.take(reader.word()));
    if (format === 3) flows.push(takeFlow(body));
    else if (format === 4) counters.push(takeCounters(body));
    else if (format !== PROBE_FORMAT) throw new Error(`sample format ${format}`);
  }
  reader.end();
  return { time, agent, subAgent, sequence, uptime, flows, counters };
}

const takeSource = (body: Reader) => `${body.word()}:${body.word()}`;

function takeFlow(body: Reader): Flow {
  const sequence = body.word();
  const source = takeSource(body);
  const [rate, pool, drops] = [body.word(), body.word(), body.word()];
  const [inputFormat, input, outputFormat, output] = [body.word(), body.word(), body.word(), body.word()];
  if (inputFormat !== 0 || outputFormat !== 0) throw new Error(`port format ${inputFormat}, ${outputFormat}`);
  return { sequence, source, rate, pool, drops, input, output, records: takeRecords(body) };
}

function takeCounters(body: Reader): Counters {
  const sequence = body.word();
  return { sequence, source: takeSource(body), records: takeRecords(body), bytes: body.bytes };
}

function takeRecords(body: Reader): Map<number, Buffer> {
  const records = new Map<number, Buffer>();
  for (let left = body.word(); left > 0; left--) {
    const format = body.word();
    if (records.has(format)) throw new Error(`record ${format} twice`);
    records.set(format, body.take(body.word()));
  }
  body.end();
  return records;
}

/** Returns a datagram of an agent with an IPv4 address, with only this counters sample. */
export function datagramOf(agent: string, { sequence, bytes }: Counters): Buffer {
  const words = [5, 1, Number.parseInt(agent, 16), 0, sequence, 0, 1, 4, bytes.length];
  return Buffer.concat([Buffer.from(Uint32Array.from(words).buffer).swap32(), bytes]);
}

/** Decodes a sampled packet: frame_length, and the header without its padding. */
export function sampledHeader(flow: Flow) {
  const record = flow.records.get(1);
  if (record === undefined) throw new Error("no sampled header");
  return {
    protocol: record.readUInt32BE(0),
    frameLength: record.readUInt32BE(4),
    stripped: record.readUInt32BE(8),
    header: record.subarray(16, 16 + record.readUInt32BE(12)),
  };
}

/** Returns the counters of an interface; undefined where the sample has none. */
export function interfaceCounters({ records }: Counters) {
  const record = records.get(1);
  if (record === undefined) return undefined;
  return {
    index: record.readUInt32BE(0),
    status: record.readUInt32BE(20),
    inOctets: Number(record.readBigUInt64BE(24)),
    inPackets: record.readUInt32BE(32),
    outOctets: Number(record.readBigUInt64BE(56)),
    outPackets: record.readUInt32BE(64),
  };
}
