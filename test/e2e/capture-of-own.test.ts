// A capture of the agent's own datagrams, taken where they are sent: every decoder finds each of them.

import { expect } from "vitest";
import { type Child, start } from "./child.ts";
import { sleep, tryRun } from "./command.ts";
import { tcpdump } from "./decoders.ts";
import { test } from "./fixture.ts";
import { flood } from "./flood.ts";
import { connect, nobody } from "./namespaces.ts";

/** The port that tcpdump reads as sFlow. */
const PORT = 6343;
/** Milliseconds after which tcpdump has read what the kernel kept for it. */
const READ = 1500;

/** Returns the datagrams that `hsflowd decode` finds in the capture, and its messages. */
function decode(pcap: string): { datagrams: number; said: string } {
  const { stdout, stderr } = tryRun(process.execPath, "dist/hsflowd.js", "decode", "--format=json", pcap);
  return {
    datagrams: stdout.split("\n").filter((line) => line.startsWith("{")).length,
    said: stderr,
  };
}

test.for([
  [1000, 2000],
  [100_000, 40_000],
] as const)(
  "at %d samples a second, on loopback and veth",
  async ([perSecond, packets], { folder, lab, startAgent, startReceiver }) => {
    const [host, far] = [lab.namespace(), lab.namespace()];
    const [near, away] = connect("eth0", [host, "10.93.1.1"], [far, "10.93.1.2"]);
    const receivers = [
      await startReceiver(host, { port: PORT }),
      await startReceiver(far, { address: away.address, port: PORT }),
    ];
    const captures: { file: string; child: Child }[] = [];
    for (const device of ["lo", "eth0"]) {
      const file = folder.file(`${device}-${perSecond}.pcap`);
      const words = ["tcpdump", "-Z", "root", "-B", "100000", "-i", device, "-w", file, `udp port ${PORT}`];
      const child = start(host, words);
      captures.push({ file, child });
      await child.says(/listening on/);
    }
    const agent = startAgent(
      host,
      `sflow {
        agentIP = 10.93.1.1
        polling = 0
        collector { ip = 127.0.0.1 }
        collector { ip = 10.93.1.2 }
        pcap { dev = eth0 sampling = 1 }
      }`,
    );
    await agent.taps(near.index);
    await flood(far, { to: nobody(near.address), packets, perSecond });
    await agent.stop();
    await sleep(READ);
    for (const [i, { file, child }] of captures.entries()) {
      await child.stop();
      expect(child.stderr()).toContain("\n0 packets dropped by kernel");
      const sent = receivers[i]?.datagrams().at(-1)?.sequence;
      const { datagrams, invalid } = tcpdump(file);
      expect({ tcpdump: datagrams, invalid, ours: decode(file) }).toEqual({
        tcpdump: sent,
        invalid: [],
        ours: { datagrams: sent, said: "" },
      });
    }
  },
);
