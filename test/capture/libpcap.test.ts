// The libpcap engine with a fake of the package `cap`: callbacks, and messages if the package cannot be loaded.

import { describe, expect, it } from "vitest";
import { loadLibpcapEngine } from "../../agent/capture/libpcap.ts";
import { captureContract, frames, Recorder } from "../contract/capture.ts";
import { makeFakeClock } from "../fakes/clock.ts";
import { hex } from "../packet/frames.ts";
import { seededRandom } from "../seeded-random.ts";

const eth0 = { index: 2, name: "eth0", hardwareType: 1, samplingRate: 1, headerBytes: 128, promiscuous: false };

/** Calls its listener like the addon: for one packet at a time, with the same buffer. */
class FakeCap {
  static readonly opened: FakeCap[] = [];
  static linkType = "ETHERNET";
  closed = false;
  #buffer: Uint8Array = new Uint8Array(0);
  #listener: (length: number) => void = () => undefined;

  open(device: string, _filter: string, _bytes: number, buffer: Uint8Array): string {
    if (device === "eth9") throw new Error("eth9: No such device exists");
    this.#buffer = buffer;
    FakeCap.opened.push(this);
    return FakeCap.linkType;
  }

  on(_event: string, listener: (length: number) => void): this {
    this.#listener = listener;
    return this;
  }

  close(): boolean {
    this.closed = true;
    return true;
  }

  deliver(packet: Uint8Array): void {
    this.#buffer.set(packet);
    if (!this.closed) this.#listener(packet.length);
  }
}

const clock = makeFakeClock();
const load = (seed = 5) =>
  loadLibpcapEngine({ clock, random: seededRandom(seed).below }, async () => ({ Cap: FakeCap }));
const engine = await load();
const last = (): FakeCap => FakeCap.opened.at(-1) as FakeCap;

captureContract("libpcap on a fake of its package", () => ({
  engine,
  options: eth0,
  now: () => Number(clock.wallNanoseconds()) / 1e9,
  async play(options, sent) {
    const recorder = new Recorder();
    const tap = recorder.open(engine, options);
    for (const frame of sent) last().deliver(frame);
    clock.advance(0.1);
    tap.close();
    return { recorder, tap };
  },
}));

describe("the libpcap engine", () => {
  it("passes on its samples after a short wait, and none after it is closed", () => {
    const recorder = new Recorder();
    const tap = recorder.open(engine, eth0);
    for (const frame of frames(3)) last().deliver(frame);
    expect(recorder.seen.length).toBe(0);
    clock.advance(0.01);
    expect(recorder.seen.length).toBe(3);
    last().deliver(frames(1)[0] as Uint8Array);
    tap.close();
    clock.advance(1);
    expect([recorder.seen.length, last().closed, clock.timers]).toEqual([3, true, 0]);
  });

  it("passes on its samples before it changes its rate", () => {
    const recorder = new Recorder();
    const tap = recorder.open(engine, eth0);
    last().deliver(frames(1)[0] as Uint8Array);
    tap.setSamplingRate(100_000_000);
    expect(recorder.seen.map(({ samplingRate }) => samplingRate)).toEqual([1]);
  });

  it("takes the direction from a cooked header", () => {
    FakeCap.linkType = "LINKTYPE_LINUX_SLL";
    const recorder = new Recorder();
    recorder.open(engine, { ...eth0, hardwareType: 512 });
    FakeCap.linkType = "ETHERNET";
    last().deliver(hex("0004", "0200", "0000", "0000000000000000", "0800", "45000014"));
    clock.advance(1);
    expect(recorder.seen).toMatchObject([{ packetType: 4, wireLength: 4, hardwareType: 65534 }]);
  });

  it("rejects link types that it cannot sample", () => {
    const open = (more: object) => new Recorder().open(engine, { ...eth0, ...more });
    expect(() => open({ name: "eth9" })).toThrow("libpcap: eth9: eth9: No such device exists");
    FakeCap.linkType = "IEEE802_11_RADIO";
    expect(() => open({})).toThrow("link type IEEE802_11_RADIO cannot be sampled");
    FakeCap.linkType = "ETHERNET";
    expect(last().closed).toBe(true);
  });

  it.each([
    [{ code: "ERR_MODULE_NOT_FOUND", message: "Cannot find package 'cap'" }, "`cap` is not installed"],
    [{ code: "MODULE_NOT_FOUND", message: "Cannot find module '../build/Release/cap.node'" }, "not installed"],
    [{ code: "ERR_DLOPEN_FAILED", message: "was compiled against NODE_MODULE_VERSION 93" }, "npm rebuild cap"],
    [{ code: "ERR_DLOPEN_FAILED", message: "libpcap.so.0.8: cannot open shared object file" }, "libpcap.so.0.8"],
  ])("that cannot be loaded for %j names the remedy", async (obstacle, remedy) => {
    const failing = () => Promise.reject(Object.assign(new Error(obstacle.message), obstacle));
    await expect(loadLibpcapEngine({ clock, random: () => 0 }, failing)).rejects.toThrow(remedy);
    await expect(loadLibpcapEngine({ clock, random: () => 0 }, failing)).rejects.toMatchObject({
      code: "EUNAVAILABLE",
    });
  });
});
