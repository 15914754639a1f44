// The contract of a capture engine: the suite of each engine runs it, on a fake kernel or a real one.

import { describe, expect, it } from "vitest";
import type { CapturedPackets, CaptureEngine, Tap, TapOptions } from "../../agent/capture/engine.ts";

/** A packet as the engine handed it over, copied out of the batch. */
export interface Seen {
  readonly bytes: Uint8Array;
  readonly wireLength: number;
  readonly truncated: boolean;
  readonly packetType: number;
  readonly hardwareType: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly vlan: { readonly tci: number; readonly tpid: number } | undefined;
  readonly samplingRate: number;
}

export class Recorder {
  readonly seen: Seen[] = [];
  readonly ends: string[] = [];
  drops = 0;
  readonly onPackets = (captured: CapturedPackets): void => {
    this.drops += captured.drops;
    for (let i = 0; i < captured.count; i++) this.seen.push(copyOf(captured, i));
  };
  readonly onEnd = (reason: string): void => void this.ends.push(reason);

  open(engine: CaptureEngine, options: TapOptions): Tap {
    return engine.open(options, this.onPackets, this.onEnd);
  }

  get numbers(): number[] {
    return this.seen.map(({ bytes }) => numberOf(bytes));
  }
}

function copyOf({ columns, hardwareType, samplingRate }: CapturedPackets, i: number): Seen {
  const of = (column: Uint32Array | Uint8Array): number => column[i] as number;
  const [offset, length, vlan] = [of(columns.offset), of(columns.length), of(columns.vlan)];
  return {
    bytes: columns.bytes.slice(offset, offset + length),
    wireLength: of(columns.wireLength),
    truncated: length < of(columns.wireLength),
    packetType: of(columns.packetType),
    hardwareType,
    seconds: of(columns.seconds),
    nanoseconds: of(columns.nanoseconds),
    vlan: vlan === 0 ? undefined : { tci: vlan & 0xffff, tpid: vlan >>> 16 },
    samplingRate,
  };
}

/**
 * Uses an EtherType for experiments, so that no host answers. The first octets and the number tell it from all other
 * traffic.
 */
export function numbered(number: number, length = 100, destination = "020000000002"): Uint8Array {
  const frame = new Uint8Array(Math.max(length, 24));
  frame.set(Buffer.from(`${destination}02000000000188b5c0ffee42`, "hex"));
  new DataView(frame.buffer).setUint32(18, number);
  for (let i = 24; i < frame.length; i++) frame[i] = number + i;
  return frame;
}

export const numberOf = (bytes: Uint8Array): number =>
  Buffer.from(bytes.subarray(14, 18)).toString("hex") === "c0ffee42"
    ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(18)
    : -1;

export const frames = (count: number, length?: (i: number) => number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => numbered(i, length?.(i)));

/** An interface, and a way to send packets through it. */
export interface Stage {
  readonly engine: CaptureEngine;
  readonly options: TapOptions;
  /** The time now in seconds, by the clock that stamps packets; undefined where packets bring their own time. */
  readonly now?: () => number;
  /** Whether other packets pass the interface too: the tap counts them. */
  readonly shared?: true;
  /** Opens a tap, sends `sent`, and closes the tap when every sample was handed over. */
  play(options: TapOptions, sent: readonly Uint8Array[]): Promise<{ recorder: Recorder; tap: Tap }>;
}

const within = (value: number, expected: number, deviations: number): void =>
  expect(Math.abs(value - expected), `${value}, not about ${expected}`).toBeLessThanOrEqual(deviations);

export function captureContract(engine: string, stage: () => Stage): void {
  describe(`${engine} as a capture engine`, () => {
    it("hands over every packet once, in order and whole, at 1-in-1", async () => {
      const sent = frames(3000, (i) => 24 + (i % 90));
      const { recorder, tap } = await stage().play(stage().options, sent);
      expect(recorder.numbers).toEqual(sent.map((_, i) => i));
      expect(recorder.seen.every(({ bytes }, i) => Buffer.compare(bytes, sent[i] as Uint8Array) === 0)).toBe(true);
      expect(recorder.seen.every(({ truncated, samplingRate }) => !truncated && samplingRate === 1)).toBe(true);
      expect(recorder.drops).toBe(0);
      if (stage().shared !== true) expect(tap.counters.packets).toBe(3000);
      expect(tap.counters.drops).toBe(0);
    });

    it("cuts a packet to the header bytes, and reports its full length", async () => {
      const sent = frames(20, (i) => 100 + 70 * i);
      const { recorder } = await stage().play({ ...stage().options, headerBytes: 128 }, sent);
      expect(recorder.seen.map(({ bytes }) => bytes.length)).toEqual([100, ...Array<number>(19).fill(128)]);
      expect(recorder.seen.map(({ wireLength }) => wireLength)).toEqual(sent.map(({ length }) => length));
      expect(recorder.seen.map(({ truncated }) => truncated)).toEqual([false, ...Array<boolean>(19).fill(true)]);
      expect(
        recorder.seen.every(({ bytes }, i) => Buffer.compare(bytes, (sent[i] as Uint8Array).subarray(0, 128)) === 0),
      ).toBe(true);
    });

    it("takes headers of every size that a user may set", async () => {
      for (const headerBytes of [24, 176, 177, 256]) {
        const { recorder } = await stage().play(
          { ...stage().options, headerBytes },
          frames(3, () => 400),
        );
        expect(recorder.seen.map(({ bytes }) => bytes.length)).toEqual([headerBytes, headerBytes, headerBytes]);
      }
    });

    it("stamps each packet with its time", async () => {
      const { now } = stage();
      const before = now?.() ?? 0;
      const { recorder } = await stage().play(stage().options, frames(5));
      for (const { seconds, nanoseconds } of recorder.seen) {
        expect(seconds).toBeGreaterThanOrEqual(Math.floor(before));
        if (now !== undefined) expect(seconds).toBeLessThanOrEqual(now());
        expect(nanoseconds).toBeLessThan(1e9);
      }
    });

    it.each([10, 100])("draws each packet independently at 1-in-%i", async (samplingRate) => {
      const count = 20_000;
      const { recorder } = await stage().play({ ...stage().options, samplingRate }, frames(count));
      const { numbers } = recorder;
      const probability = 1 / samplingRate;
      within(numbers.length, count * probability, 4.5 * Math.sqrt(count * probability * (1 - probability)));
      const gaps = numbers.slice(1).map((number, i) => number - (numbers[i] as number));
      expect(Math.min(...gaps)).toBeGreaterThan(0);
      expect(Math.max(...gaps)).toBeLessThan(15 * samplingRate);
      expect(new Set(gaps).size).toBeGreaterThanOrEqual(samplingRate === 10 ? 20 : 60);
      for (const period of [2, 5, samplingRate]) {
        const share = numbers.length / period;
        for (let phase = 0; phase < Math.min(period, 10); phase++) {
          const there = numbers.filter((number) => number % period === phase).length;
          within(there, share, 5 * Math.sqrt(share * (1 - 1 / period)) + 1);
        }
      }
      expect(recorder.seen.every((packet) => packet.samplingRate === samplingRate)).toBe(true);
    });

    it("hands over nothing after it is closed", async () => {
      const { recorder, tap } = await stage().play(stage().options, frames(2));
      const { length } = recorder.seen;
      tap.setSamplingRate(7);
      tap.setHeaderBytes(64);
      tap.close();
      expect(recorder.seen.length).toBe(length);
    });
  });
}
