// Collectors that cannot be reached: the others get their datagrams in time, and a late one gets them from its start
// on.

import { expect } from "vitest";
import { sleep } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { flood } from "./flood.ts";
import { connect, nobody } from "./namespaces.ts";
import { type Datagram, type Flow, sampledHeader } from "./walk.ts";

const TIMESTAMP = 1043;
/** Seconds that the specification allows a sample to wait, and some that a busy machine may add. */
const SECONDS_ALLOWED = 1.5;

/** Seconds from the packet to the collector. */
const delay = (datagram: Datagram, flow: Flow): number => {
  const stamp = flow.records.get(TIMESTAMP);
  return stamp === undefined ? Number.NaN : datagram.time - Number(stamp.readBigUInt64BE(0)) / 1e9;
};

test("a missing route, a closed port and an unknown name delay no other collector", async ({
  lab,
  startAgent,
  startReceiver,
}) => {
  const host = lab.namespace();
  const far = lab.namespace();
  const [cable, peer] = connect("eth0", [host, "10.9.1.1"], [far, "10.9.1.2"]);
  const good = await startReceiver(host);
  const agent = startAgent(
    host,
    `sflow {
      agentIP = ${cable.address}
      polling = 1
      collector { ip = 203.0.113.1 }
      collector { ip = 127.0.0.1 udpport = 9 }
      collector { ip = collector.invalid }
      collector { ip = 2001:db8::1 }
      collector { ip = 127.0.0.1 udpport = 16343 }
      collector { ip = 127.0.0.1 udpport = ${good.port} }
      pcap { dev = eth0 sampling = 1 }
    }`,
  );
  await agent.taps(cable.index);
  const send = () => flood(far, { to: nobody(peer.address), packets: 200, perSecond: 100 });
  await send();
  const late = await startReceiver(host, { port: 16343 });
  await send();
  const datagrams = await good.until("400 samples", (all) => all.flatMap(({ flows }) => flows).length >= 400);
  await expectEnd(agent);

  const delays = datagrams.flatMap((datagram) => datagram.flows.map((flow) => delay(datagram, flow)));
  expect(Math.max(...delays)).toBeLessThan(SECONDS_ALLOWED);
  expect(datagrams.map(({ sequence }) => sequence)).toEqual(datagrams.map((_, i) => i + 1));
  const hex = (all: ReturnType<typeof good.received>) => all.map(({ payload }) => payload.toString("hex"));
  const seenLate = hex(late.received());
  expect(seenLate.length).toBeGreaterThan(5);
  expect(seenLate).toEqual(hex(good.received()).slice(-seenLate.length));
});

test("SIGTERM sends what is pending and ends with code 0, even where nothing can be sent", async ({
  lab,
  startAgent,
  startReceiver,
}) => {
  const host = lab.namespace();
  const far = lab.namespace();
  const [cable, peer] = connect("eth0", [host, "10.9.2.1"], [far, "10.9.2.2"]);
  const receiver = await startReceiver(host);
  const agent = startAgent(
    host,
    `sflow {
      agentIP = ${cable.address}
      polling = 0
      collector { ip = 203.0.113.1 }
      collector { ip = collector.invalid }
      collector { ip = 127.0.0.1 udpport = ${receiver.port} }
      pcap { dev = eth0 sampling = 1 }
    }`,
  );
  await agent.taps(cable.index);
  await flood(far, { to: nobody(peer.address), packets: 5 });
  await expectEnd(agent);
  await sleep(50);
  expect(receiver.datagrams().flatMap(({ flows }) => flows)).toHaveLength(5);
});

test("the agent's own datagrams are not sampled, even at 1-in-1 on the interface where they leave", async ({
  lab,
  startAgent,
  startReceiver,
}) => {
  const host = lab.namespace();
  const receiver = await startReceiver(host);
  const target = await startReceiver(host);
  const agent = startAgent(
    host,
    `sflow {
      agentIP = 127.0.0.1
      polling = 1
      collector { ip = 127.0.0.1 udpport = ${receiver.port} }
      pcap { dev = lo sampling = 1 }
    }`,
  );
  await agent.taps(1);
  await flood(host, { to: "127.0.0.1", port: target.port, packets: 30, perSecond: 10 });
  const datagrams = await receiver.until("30 samples", (all) => all.flatMap(({ flows }) => flows).length >= 30);
  await agent.stop();
  const headers = datagrams.flatMap(({ flows }) => flows).map((flow) => sampledHeader(flow).header);
  const ports = headers.filter((header) => header[23] === 17).map((header) => header.readUInt16BE(36));
  expect(new Set(ports)).toEqual(new Set([target.port]));
});
