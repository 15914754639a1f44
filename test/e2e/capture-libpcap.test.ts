// The libpcap engine with the real package. It cannot enter namespaces: it runs on the loopback, and the test looks
// only at its own frames.

import { loadLibpcapEngine } from "../../agent/capture/libpcap.ts";
import { makeLinuxHost } from "../../agent/host/linux.ts";
import { captureContract, numberOf, Recorder } from "../contract/capture.ts";
import { openSender, quiet, sendInTurns } from "./traffic.ts";

const host = makeLinuxHost();
const engine = await loadLibpcapEngine(host);

captureContract("libpcap on the loopback", () => ({
  engine,
  options: { index: 1, name: "lo", hardwareType: 772, samplingRate: 1, headerBytes: 128, promiscuous: false },
  now: () => Date.now() / 1000 + 0.001,
  shared: true,
  async play(options, sent) {
    const recorder = new Recorder();
    const tap = recorder.open(engine, options);
    const sender = openSender(host.sockets, undefined, 1);
    // libpcap has room for only a few packets of 64 KiB, the size that it expects on a loopback.
    await sendInTurns(sender, sent, 25);
    await quiet(recorder);
    tap.close();
    sender.close();
    const own = recorder.seen.filter(({ bytes }) => numberOf(bytes) >= 0);
    recorder.seen.splice(0, recorder.seen.length, ...own);
    return { recorder, tap };
  },
}));
