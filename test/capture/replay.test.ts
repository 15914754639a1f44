// The replay engine: a capture file played to interfaces.

import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { makeReplayEngine } from "../../agent/capture/replay.ts";
import { captureContract, frames, numbered, Recorder } from "../contract/capture.ts";
import { makeFakeClock } from "../fakes/clock.ts";
import { makeLog } from "../fakes/log.ts";
import { pieces } from "../fakes/pieces.ts";
import { hex } from "../packet/frames.ts";
import { seededRandom } from "../seeded-random.ts";
import { pcapBytes } from "./pcap-bytes.ts";

const eth0 = { index: 2, name: "eth0", hardwareType: 1, samplingRate: 1, headerBytes: 128, promiscuous: false };

function player(bytes: Uint8Array | undefined, seed = 3) {
  const clock = makeFakeClock();
  const log = makeLog();
  const files = { stream: () => bytes && pieces(bytes), exists: () => false } as unknown as Parameters<
    typeof makeReplayEngine
  >[0]["files"];
  const engine = makeReplayEngine({ clock, files, random: seededRandom(seed).below }, "/tmp/x.pcap", log);
  return { clock, engine, log: log.lines };
}

const capture = (sent: readonly Uint8Array[], linkType = 1): Uint8Array =>
  pcapBytes(
    sent.map((bytes) => ({ bytes, seconds: 1_700_000_000, fraction: 5 })),
    { linkType },
  );

/** Lets the clock and the file go on until `until` is true. A busy machine decompresses late. */
async function playUntil({ clock }: ReturnType<typeof player>, until: () => boolean): Promise<void> {
  for (const end = performance.now() + 10_000; performance.now() < end && !until(); ) {
    clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(until()).toBe(true);
}

captureContract("replay", () => ({
  engine: player(capture([])).engine,
  options: eth0,
  async play(options, sent) {
    const stage = player(capture(sent), options.samplingRate);
    const recorder = new Recorder();
    const tap = recorder.open(stage.engine, options);
    await playUntil(stage, () => recorder.ends.length > 0);
    return { recorder, tap };
  },
}));

it("plays the file once to each interface, and reports its end", async () => {
  const stage = player(capture(frames(3)));
  const [first, other, again] = [new Recorder(), new Recorder(), new Recorder()];
  first.open(stage.engine, eth0);
  await playUntil(stage, () => first.ends.length > 0);
  other.open(stage.engine, { ...eth0, index: 3, name: "eth1" });
  again.open(stage.engine, eth0);
  await playUntil(stage, () => other.ends.length > 0);
  expect([first.numbers, other.numbers, again.numbers]).toEqual([[0, 1, 2], [0, 1, 2], []]);
  expect([first.ends, other.ends, again.ends]).toEqual([["end of /tmp/x.pcap"], ["end of /tmp/x.pcap"], []]);
  expect(first.seen[0]).toMatchObject({ seconds: 1_700_000_000, nanoseconds: 5000 });
  expect(stage.log).toContain("info: eth0: replay of /tmp/x.pcap: all 3 packets were played");
});

it("yields between turns, can change its rate meanwhile, and can be closed", async () => {
  const stage = player(capture(frames(5000)));
  const recorder = new Recorder();
  const tap = recorder.open(stage.engine, eth0);
  expect(recorder.seen.length).toBe(0);
  await playUntil(stage, () => recorder.seen.length > 0);
  tap.setSamplingRate(1_000_000);
  const before = recorder.seen.length;
  expect(before).toBeLessThan(5000);
  tap.close();
  for (let turn = 0; turn < 20; turn++) {
    stage.clock.advance(1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(recorder.seen.length).toBe(before);
  expect(stage.clock.timers).toBe(0);
  expect(recorder.ends).toEqual([]);
});

it("plays a compressed file", async () => {
  const stage = player(gzipSync(capture(frames(3))));
  const recorder = new Recorder();
  recorder.open(stage.engine, eth0);
  await playUntil(stage, () => recorder.ends.length > 0);
  expect(recorder.numbers).toEqual([0, 1, 2]);
});

it("plays IP packets behind a VLAN tag or labels in a cooked capture, and counts packets that it cannot play", async () => {
  const cooked = (type: string, ...rest: string[]): Uint8Array =>
    hex("0000", "0001", "0006", "0200000000010000", type, ...rest);
  const ip = `45000014${"00".repeat(16)}`;
  const packets = [cooked("8100", "0064", "0800", ip), cooked("8847", "00010140", ip), cooked("0806", "0001")];
  const stage = player(capture([...packets, hex("0004")], 113));
  const recorder = new Recorder();
  recorder.open(stage.engine, eth0);
  await playUntil(stage, () => recorder.ends.length > 0);
  expect(recorder.seen.map(({ bytes, wireLength }) => [Buffer.from(bytes).toString("hex"), wireLength])).toEqual([
    [ip, 20],
    [ip, 20],
  ]);
  expect(stage.log).toEqual([
    "warn: eth0: replay of /tmp/x.pcap: 2 of 4 packets were not played: 1 neither Ethernet nor IP, 1 shorter than the header of the link layer",
  ]);
});

it("says where it stopped in a file that is cut, damaged or of another kind", async () => {
  const whole = capture(frames(2));
  const [cut, damaged] = [whole.slice(0, -1), whole.slice()];
  new DataView(damaged.buffer).setUint32(24 + 16 + numbered(0).length + 8, 0xffff_fff0, true);
  const said = async (bytes: Uint8Array): Promise<string> => {
    const stage = player(bytes);
    const recorder = new Recorder();
    recorder.open(stage.engine, eth0);
    await playUntil(stage, () => recorder.ends.length > 0);
    return stage.log.join("\n");
  };
  expect(await said(cut)).toContain(
    "stopped after 1 packets: the capture ends in mid-packet: packet 2 has 99 of 100 bytes",
  );
  expect(await said(damaged)).toContain("packet 2 at offset 140 has a length of 4294967280 bytes: the file is damaged");
  expect(await said(hex("00112233", "44"))).toContain("not a pcap or pcapng file");
});

it("names the file that cannot be played", () => {
  expect(() => new Recorder().open(player(undefined).engine, eth0)).toThrow("/tmp/x.pcap: no such file");
});
