// The replay engine: a capture file played to interfaces.

import { expect, it } from "vitest";
import { makeReplayEngine } from "../../agent/capture/replay.ts";
import { captureContract, frames, Recorder } from "../contract/capture.ts";
import { makeFakeClock } from "../fakes/clock.ts";
import { seededRandom } from "../seeded-random.ts";
import { pcapBytes } from "./pcap-bytes.ts";

const eth0 = { index: 2, name: "eth0", hardwareType: 1, samplingRate: 1, headerBytes: 128, promiscuous: false };

function player(sent: readonly Uint8Array[] | undefined, seed = 3) {
  const clock = makeFakeClock();
  const bytes = sent && pcapBytes(sent.map((each) => ({ bytes: each, seconds: 1_700_000_000, fraction: 5 })));
  const files = { readBytes: () => bytes, exists: () => false } as unknown as Parameters<
    typeof makeReplayEngine
  >[0]["files"];
  return { clock, engine: makeReplayEngine({ clock, files, random: seededRandom(seed).below }, "/tmp/x.pcap") };
}

captureContract("replay", () => ({
  engine: player([]).engine,
  options: eth0,
  async play(options, sent) {
    const { clock, engine } = player(sent, options.samplingRate);
    const recorder = new Recorder();
    const tap = recorder.open(engine, options);
    clock.advance(1);
    return { recorder, tap };
  },
}));

it("plays the file once to each interface, and reports its end", () => {
  const { clock, engine } = player(frames(3));
  const [first, other, again] = [new Recorder(), new Recorder(), new Recorder()];
  first.open(engine, eth0);
  clock.advance(1);
  other.open(engine, { ...eth0, index: 3, name: "eth1" });
  again.open(engine, eth0);
  clock.advance(1);
  expect([first.numbers, other.numbers, again.numbers]).toEqual([[0, 1, 2], [0, 1, 2], []]);
  expect([first.ends, other.ends, again.ends]).toEqual([["end of /tmp/x.pcap"], ["end of /tmp/x.pcap"], []]);
  expect(first.seen[0]).toMatchObject({ seconds: 1_700_000_000, nanoseconds: 5000 });
});

it("yields between turns, can change its rate meanwhile, and can be closed", () => {
  const { clock, engine } = player(frames(5000));
  const recorder = new Recorder();
  const tap = recorder.open(engine, eth0);
  expect(recorder.seen.length).toBe(0);
  clock.advance(0);
  tap.setSamplingRate(1_000_000);
  const before = recorder.seen.length;
  expect(before).toBeGreaterThan(0);
  tap.close();
  clock.advance(1);
  expect(recorder.seen.length).toBe(before);
  expect(clock.timers).toBe(0);
});

it("names the file that cannot be played", () => {
  expect(() => new Recorder().open(player(undefined).engine, eth0)).toThrow("/tmp/x.pcap: no such file");
});
