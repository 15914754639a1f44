// Tests which packets the filters accept. A simulated machine runs the filters like the kernel.

import { describe, expect, it } from "vitest";
import { dropAllProgram, samplingProgram } from "../../agent/capture/bpf.ts";
import { OWN_TRAFFIC_MARK } from "../../agent/capture/own-traffic.ts";
import { runFilter } from "./bpf-machine.ts";

const RECEIVED = { packetType: 0, mark: 0, random: 12345 };

describe("sampling program", () => {
  it("passes the header of every packet at 1-in-1, for any random number", () => {
    const program = samplingProgram({ samplingRate: 1, headerBytes: 128, loopback: false });
    for (const random of [0, 1, 0xffff_ffff]) expect(runFilter(program, { ...RECEIVED, random })).toBe(128);
    expect(program.length).toBe(4 * 8);
  });

  it("passes one value in N of the random number", () => {
    const program = samplingProgram({ samplingRate: 400, headerBytes: 64, loopback: false });
    const passed = Array.from({ length: 4000 }, (_, random) => runFilter(program, { ...RECEIVED, random }));
    expect(passed.filter((bytes) => bytes === 64).length).toBe(10);
    expect(passed.filter((bytes) => bytes === 0).length).toBe(3990);
  });

  it("drops the agent's own datagrams at any rate", () => {
    for (const samplingRate of [1, 2, 1000]) {
      const program = samplingProgram({ samplingRate, headerBytes: 128, loopback: true });
      expect(runFilter(program, { ...RECEIVED, random: 0, mark: OWN_TRAFFIC_MARK })).toBe(0);
      expect(runFilter(program, { ...RECEIVED, random: 0, mark: 1 })).toBe(128);
    }
  });

  it("passes a packet on the loopback interface once, as received", () => {
    const sent = { ...RECEIVED, packetType: 4, random: 0 };
    expect(runFilter(samplingProgram({ samplingRate: 1, headerBytes: 128, loopback: true }), sent)).toBe(0);
    expect(runFilter(samplingProgram({ samplingRate: 10, headerBytes: 128, loopback: true }), sent)).toBe(0);
    expect(runFilter(samplingProgram({ samplingRate: 10, headerBytes: 128, loopback: false }), sent)).toBe(128);
  });
});

describe("drop-all program", () => {
  it("passes nothing", () => expect(runFilter(dropAllProgram(), RECEIVED)).toBe(0));
});
