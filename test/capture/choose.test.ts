// Choice of the capture engine, and the messages if the first choice is not available.

import { describe, expect, it } from "vitest";
import { chooseEngine } from "../../agent/capture/choose.ts";
import type { CaptureEngine } from "../../agent/capture/engine.ts";
import { OwnTraffic } from "../../agent/capture/own-traffic.ts";
import { AT_ONCE } from "../../agent/capture/pace.ts";
import type { Host } from "../../agent/host/host.ts";
import type { Logger } from "../../agent/log/logger.ts";
import { makeFakeClock } from "../fakes/clock.ts";
import { FakePacketSockets } from "../fakes/packet-sockets.ts";

function set() {
  const kernel = new FakePacketSockets();
  const said: string[] = [];
  const log = { warn: (message: string) => void said.push(message) } as unknown as Logger;
  return { kernel, said, host: { sockets: kernel.shim, clock: makeFakeClock() } as unknown as Host, log };
}

const own = new OwnTraffic();
const libpcap = async (): Promise<CaptureEngine> => ({ name: "libpcap" }) as CaptureEngine;
const missing = () => Promise.reject(new Error("libpcap: not installed"));

describe("auto", () => {
  it("is a packet socket if one can be opened", async () => {
    const { kernel, host, log, said } = set();
    expect((await chooseEngine("auto", host, log, own, AT_ONCE, missing)).name).toBe("packet-socket");
    expect([kernel.sockets.size, said]).toEqual([0, []]);
  });

  it("is libpcap otherwise, and logs that", async () => {
    const { kernel, host, log, said } = set();
    kernel.obstacle = { call: "socket", code: "EAFNOSUPPORT" };
    expect((await chooseEngine("auto", host, log, own, AT_ONCE, libpcap)).name).toBe("libpcap");
    expect(said).toEqual([
      "packet-socket: EAFNOSUPPORT: socket; using libpcap instead, which samples outside the kernel",
    ]);
  });

  it("is a packet socket that reports the reason if there is neither", async () => {
    const { kernel, host, log, said } = set();
    kernel.obstacle = { call: "socket", code: "EAFNOSUPPORT" };
    expect((await chooseEngine("auto", host, log, own, AT_ONCE, missing)).name).toBe("packet-socket");
    expect(said).toEqual(["packet-socket: EAFNOSUPPORT: socket; and libpcap: not installed"]);
  });

  it("is a packet socket that reports a missing permission, which libpcap needs too", async () => {
    const { kernel, host, log, said } = set();
    kernel.obstacle = { call: "socket", code: "EPERM" };
    expect((await chooseEngine("auto", host, log, own, AT_ONCE, libpcap)).name).toBe("packet-socket");
    expect(said).toEqual([]);
  });
});

describe("an engine that is configured", () => {
  it("is used, or reported as missing", async () => {
    const { host, log } = set();
    expect((await chooseEngine("packet-socket", host, log, own, AT_ONCE, missing)).name).toBe("packet-socket");
    expect((await chooseEngine("libpcap", host, log, own, AT_ONCE, libpcap)).name).toBe("libpcap");
    await expect(chooseEngine("libpcap", host, log, own, AT_ONCE, missing)).rejects.toThrow("not installed");
  });
});
