// The built agent with taps of BPF: unprivileged and confined, on interfaces that appear, over a reload, and killed.

import { writeFileSync } from "node:fs";
import { expect } from "vitest";
import { tryRun, until } from "./command.ts";
import { test } from "./fixture.ts";
import { flood } from "./flood.ts";
import { connect, nobody } from "./namespaces.ts";

const PACKETS = 100_000;

const configuration = (port: number, sampling: number): string => `sflow {
  agentIP = 10.9.27.1
  polling = 1
  collector { ip = 127.0.0.1 udpport = ${port} }
  pcap { dev.pattern = ^(eth[01]|lo)$ sampling = ${sampling} engine = epcap }
}`;

test("samples 1 in N, follows interfaces and reloads, and leaves nothing behind", async ({
  lab,
  startAgent,
  startReceiver,
}) => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  connect("eth0", [host, "10.9.27.1"], [far, "10.9.27.2"]);
  const receiver = await startReceiver(host);
  const agent = startAgent(host, configuration(receiver.port, 100));
  await agent.says(/eth0: sampled 1-in-100/);
  const counters = () => agent.counters("pcap");
  const within = (samples: number, rate: number) =>
    expect(Math.abs(samples - PACKETS / rate), `${samples} at 1-in-${rate}`).toBeLessThan(
      4 * Math.sqrt((PACKETS / rate) * (1 - 1 / rate)) + 2,
    );
  const samplesOf = async (send: () => Promise<void>) => {
    const { packets = 0, drops = 0 } = counters();
    await send();
    await until("the samples", async () => {
      const before = counters()["packets"];
      await new Promise((resolve) => setTimeout(resolve, 100));
      return counters()["packets"] === before;
    });
    expect(counters()["drops"]).toBe(drops);
    return (counters()["packets"] ?? 0) - packets;
  };
  const receive = () => flood(far, { to: nobody("10.9.27.1"), packets: PACKETS });
  const send = () => flood(host, { to: nobody("10.9.27.2"), packets: PACKETS });
  within(await samplesOf(receive), 100);
  within(await samplesOf(send), 100);

  writeFileSync(agent.configuration, configuration(receiver.port, 10));
  agent.kill("SIGHUP");
  await agent.says(/eth0: sampled 1-in-10 from now on/);
  within(await samplesOf(receive), 10);

  connect("eth1", [host, "10.9.28.1"], [far, "10.9.28.2"]);
  await agent.says(/eth1: sampled 1-in-10/);
  within(await samplesOf(() => flood(far, { to: nobody("10.9.28.1"), packets: PACKETS })), 10);

  const links = () => tryRun("sh", "-c", `grep -l tcx /proc/${agent.pid}/fdinfo/* | wc -l`).stdout.trim();
  expect(links()).toBe("5");
  agent.kill("SIGKILL");
  await until("the end", () => agent.ended());
  expect(links()).toBe("0");
  const again = startAgent(host, configuration(receiver.port, 10));
  await again.says(/eth1: sampled 1-in-10/);
  await again.stop();
});
