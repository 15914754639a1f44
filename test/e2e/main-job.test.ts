// The main job of the agent: samples packets in the kernel and sends them with counters to collectors. Judged by what
// was sent, and by independent decoders.

import { describe, expect } from "vitest";
import type { Ended } from "./child.ts";
import { type Sfcapd, sfacctd, startSfcapd, type Total, tcpdump, tshark } from "./decoders.ts";
import { test } from "./fixture.ts";
import { flood, frameLength } from "./flood.ts";
import { type Cable, connect, counted, type Namespace, nobody } from "./namespaces.ts";
import { type Receiver, recorded } from "./receiver.ts";
import { NET_RAW, nobodyWith, type Rights, rightsOf } from "./threads.ts";
import { type Datagram, datagramOf, type Flow, INTERNAL, interfaceCounters, sampledHeader } from "./walk.ts";

/** In each direction. */
const PACKETS = Number(process.env["PACKETS"] ?? 200_000);
const SIZE = 100;
const RATE = 100;
/** Four standard deviations of the number of samples of so many packets at 1-in-RATE. */
const DEVIATION = 4 * Math.sqrt((PACKETS / RATE) * (1 - 1 / RATE));

const countersOf = (all: readonly Datagram[], index: number) =>
  all
    .flatMap(({ counters }) => counters)
    .flatMap((sample) => interfaceCounters(sample) ?? [])
    .filter((counters) => counters.index === index);

describe(`${PACKETS} packets each way at 1-in-100, two collectors and sfcapd`, () => {
  let host: Namespace;
  let cable: Cable;
  let peer: Cable;
  let first: Receiver;
  let second: Receiver;
  let sfcapd: Awaited<ReturnType<Sfcapd["finish"]>>;
  let ended: Ended;
  let rights: Rights[];
  let complaints: string;
  let offered: ReturnType<typeof counted>;
  let kernel: ReturnType<typeof counted>;
  let datagrams: Datagram[];
  let flows: Flow[];

  test.beforeAll(async ({ lab, startAgent, startReceiver }) => {
    host = lab.namespace();
    const far = lab.namespace();
    [cable, peer] = connect("eth0", [host, "10.9.0.1"], [far, "10.9.0.2"]);
    first = await startReceiver(host, { port: 6343 });
    second = await startReceiver(host, { address: "::1" });
    const capd = await startSfcapd(host, 16348);
    const agent = startAgent(
      host,
      `sflow {
        agentIP = ${cable.address}
        polling = 1
        collector { ip = 127.0.0.1 }
        collector { ip = ::1 udpport = ${second.port} }
        collector { ip = 127.0.0.1 udpport = ${capd.port} }
        pcap { dev = eth0 sampling = ${RATE} }
      }`,
    );
    await agent.taps(cable.index);
    const before = counted(host, "eth0");
    await Promise.all([
      flood(host, { to: nobody(cable.address), packets: PACKETS, size: SIZE }),
      flood(far, { to: nobody(peer.address), port: 5001, packets: PACKETS, size: SIZE }),
    ]);
    const after = counted(host, "eth0");
    offered = {
      rx: { packets: after.rx.packets - before.rx.packets, bytes: after.rx.bytes - before.rx.bytes },
      tx: { packets: after.tx.packets - before.tx.packets, bytes: after.tx.bytes - before.tx.bytes },
    };
    kernel = after;
    await first.until("counters after the last packet", (all) => {
      const last = countersOf(all, cable.index).at(-1);
      return last?.inPackets === after.rx.packets && last.outPackets === after.tx.packets;
    });
    rights = rightsOf(agent.pid);
    ended = await agent.stop();
    complaints = agent.stderr();
    sfcapd = await capd.finish();
    datagrams = first.datagrams();
    flows = datagrams.flatMap((datagram) => datagram.flows);
  }, 120_000);

  const received = () => flows.filter((flow) => flow.input === cable.index && flow.output === INTERNAL);
  const sent = () => flows.filter((flow) => flow.input === INTERNAL && flow.output === cable.index);
  const near = (count: number) => Math.abs(count - PACKETS / RATE);

  test("SIGTERM ends the agent with exit code 0", () => {
    expect(ended, complaints).toEqual({ code: 0, signal: null });
  });

  test("the agent worked as nobody with CAP_NET_RAW", () => {
    expect(rights).toEqual([nobodyWith(NET_RAW)]);
  });

  test("each direction is sampled within four standard deviations", () => {
    expect(offered.rx.packets).toBe(PACKETS);
    expect(offered.tx.packets).toBe(PACKETS);
    expect(near(received().length)).toBeLessThan(DEVIATION);
    expect(near(sent().length)).toBeLessThan(DEVIATION);
    expect(received().length + sent().length).toBe(flows.length);
  });

  test("samples have their source, rate and frame, and sequence numbers without a gap", () => {
    expect(new Set(flows.map((flow) => flow.source))).toEqual(new Set([`0:${cable.index}`]));
    expect(new Set(flows.map((flow) => flow.rate))).toEqual(new Set([RATE]));
    expect(new Set(flows.map((flow) => sampledHeader(flow).frameLength))).toEqual(new Set([frameLength(SIZE)]));
    expect(flows.map((flow) => flow.sequence)).toEqual(flows.map((_, i) => i + 1));
    expect(datagrams.map((datagram) => datagram.sequence)).toEqual(datagrams.map((_, i) => i + 1));
  });

  test("the pool is what the rate says, and nothing was lost", () => {
    const last = flows.at(-1);
    expect(last).toMatchObject({ pool: flows.length * RATE, drops: 0 });
  });

  test("the packets sampled are random: every gap is possible, and no pattern repeats", () => {
    const numbers = sent().map((flow) => sampledHeader(flow).header.readUInt32BE(42));
    const gaps = numbers.slice(1).map((number, i) => number - (numbers[i] ?? 0));
    expect(new Set(gaps).size).toBeGreaterThan(100);
    expect(Math.max(...gaps)).toBeLessThan(20 * RATE);
    for (const period of [2, 3, 5, 10]) {
      const expected = numbers.length / period;
      for (let phase = 0; phase < period; phase++) {
        const seen = numbers.filter((number) => number % period === phase).length;
        expect(Math.abs(seen - expected), `phase ${phase} of ${period}`).toBeLessThan(
          4.5 * Math.sqrt(expected * (1 - 1 / period)),
        );
      }
    }
  });

  test("every collector gets the same stream", () => {
    const [one, two] = [first, second].map((receiver) =>
      receiver.received().map(({ payload }) => payload.toString("hex")),
    );
    expect(one).toEqual(two);
  });

  test("tcpdump decodes every datagram", () => {
    expect(tcpdump(first.pcap)).toEqual({ datagrams: datagrams.length, flowSamples: flows.length, invalid: [] });
  });

  test("datagrams stay below 1,400 bytes and are full under load", () => {
    const sizes = first.received().map(({ payload }) => payload.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1400);
    const loaded = sizes.slice(Math.floor(sizes.length / 4), Math.floor((sizes.length * 3) / 4));
    expect(loaded.reduce((sum, size) => sum + size, 0) / loaded.length).toBeGreaterThan(0.6 * 1400);
  });

  const expectedTotals = (): Total[] => [
    {
      source: cable.address,
      destination: nobody(cable.address),
      packets: sent().length * RATE,
      bytes: sent().length * RATE * frameLength(SIZE),
    },
    {
      source: peer.address,
      destination: nobody(peer.address),
      packets: received().length * RATE,
      bytes: received().length * RATE * frameLength(SIZE),
    },
  ];
  const bySource = (totals: readonly Total[]) => totals.toSorted((a, b) => a.source.localeCompare(b.source));

  test("sfacctd counts what was sent", () => {
    const { totals, warnings } = sfacctd(first.pcap);
    expect(warnings).toEqual([]);
    expect(bySource(totals)).toEqual(expectedTotals());
  });

  test("sfcapd and nfdump count what was sent", () => {
    expect(sfcapd).toMatchObject({ bad: 0, sequenceErrors: 0 });
    expect(bySource(sfcapd.totals)).toEqual(expectedTotals());
  });

  /**
   * tshark does not decode host structures and may lose its position after one: only datagrams without them are
   * compared.
   */
  test("tshark shows the fields of the flow samples", () => {
    const ports = ["sflow.flow_sample.input_interface_value", "sflow.flow_sample.output_interface_value"];
    const fields = ["frame.number", "sflow.flow_sample.sampling_rate", "sflow_245.header.frame_length", ...ports];
    const rows = tshark(first.pcap, fields, `sflow_245.agent == ${cable.address}`);
    const shown = new Map(rows.map(([[frame] = [""], ...columns]) => [Number(frame), columns]));
    const column = (all: readonly Flow[], value: (flow: Flow) => number) => all.map((flow) => `${value(flow)}`);
    const clean = datagrams.flatMap(({ flows: own, counters }, i) =>
      counters.length > 0 ? [] : [{ own, frame: i + 1 }],
    );
    expect(clean.length).toBeGreaterThan(100);
    for (const { own, frame } of clean) {
      expect(shown.get(frame)).toEqual([
        column(own, ({ rate }) => rate),
        column(own, () => frameLength(SIZE)),
        column(own, ({ input }) => input),
        column(own, ({ output }) => output),
      ]);
    }
  });

  test("the counters of the interface end as the kernel's did", () => {
    const counted = countersOf(datagrams, cable.index);
    expect(counted.length).toBeGreaterThan(1);
    expect(counted.map(({ inPackets }) => inPackets)).toEqual(
      counted.map(({ inPackets }) => inPackets).toSorted((a, b) => a - b),
    );
    expect(counted.at(-1)).toMatchObject({
      inPackets: kernel.rx.packets,
      inOctets: kernel.rx.bytes,
      outPackets: kernel.tx.packets,
      outOctets: kernel.tx.bytes,
    });
  });

  /** Compares each sample by itself, because the host's sample may come before it in the datagram. */
  test("tshark shows the same counters", async ({ folder }) => {
    const ofCable = datagrams.flatMap(({ agent, counters }) =>
      counters.filter(({ source }) => source === `0:${cable.index}`).map((sample) => datagramOf(agent, sample)),
    );
    const alone = await recorded(ofCable, folder.file("alone.pcap"));
    const rows = tshark(alone, ["sflow_245.ifindex", "sflow_245.ifinpkt", "sflow_245.ifoutoct"]);
    const own = countersOf(datagrams, cable.index);
    expect(rows).toEqual(
      own.map(({ index, inPackets, outOctets }) => [[`${index}`], [`${inPackets}`], [`${outOctets}`]]),
    );
  });

  test("the host and the interface are polled once a second", () => {
    const counters = datagrams.flatMap((datagram) => datagram.counters);
    for (const source of ["2:1", `0:${cable.index}`]) {
      const samples = counters.filter((sample) => sample.source === source);
      expect(samples.map((sample) => sample.sequence)).toEqual(samples.map((_, i) => i + 1));
      expect(samples.length, source).toBeGreaterThan(1);
    }
    const host = counters.find((sample) => sample.source === "2:1");
    expect([...(host?.records.keys() ?? [])]).toEqual(expect.arrayContaining([2000, 2001, 2003, 2004, 2005, 2006]));
  });
});
