// The kernel's figures of a TCP connection on the samples of its packets, compared with `ss` at the same time.

import { resolve } from "node:path";
import { describe, expect } from "vitest";
import { start } from "./child.ts";
import { sleep, until } from "./command.ts";
import { sfacctd, tcpdump } from "./decoders.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { type Cable, connect, type Namespace, speakIpv6 } from "./namespaces.ts";
import { compared, lastBefore, ssInfo } from "./ss.ts";
import { established, type TcpSample, tcpSamples } from "./tcp-samples.ts";
import { sampled, talked } from "./tcp-talk.ts";

const [RECEIVED, SENT] = [1, 2];

describe("8 streams of iperf3, both directions, IPv4 and IPv6, every packet sampled", () => {
  let samples: TcpSample[];
  let datagrams: number;
  let pcap: string;

  test.beforeAll(async ({ folder, lab }) => {
    const host = lab.namespace();
    const far = lab.namespace();
    const [cable] = connect("eth0", [host, "10.20.0.1"], [far, "10.20.0.2"]);
    speakIpv6(host, "eth0", "fd20::1");
    speakIpv6(far, "eth0", "fd20::2");
    const servers = [5201, 5202].map((port) => start(far, ["iperf3", "-s", "-1", "-p", `${port}`, "--forceflush"]));
    for (const server of servers) await server.says(/listening/);
    const { agent, receiver } = await sampled(host, folder, cable);
    const flow = ["-P", "4", "-t", "4", "-b", "150M", "-l", "16K"];
    const clients = [
      start(host, ["iperf3", "-c", "10.20.0.2", "-p", "5201", ...flow]),
      start(host, ["iperf3", "-c", "fd20::2", "-p", "5202", "-R", ...flow]),
    ];
    await Promise.all(
      clients.map((client) => until("iperf3", () => client.ended(), { seconds: 20, evidence: client.stdout })),
    );
    await sleep(300);
    await expectEnd(agent);
    expect(agent.stderr()).not.toMatch(/error|warn/i);
    const received = receiver.datagrams();
    samples = tcpSamples(received);
    datagrams = received.length;
    pcap = receiver.pcap;
  }, 60_000);

  // Samples at the end of a connection may miss it, when it is closed before the agent asks the kernel: busy taps are
  // read every 10 ms, and later on a busy machine.
  test("99.9 % of the samples of established connections have the structure", () => {
    const all = established(samples);
    const bare = all.filter(({ info }) => info === undefined);
    expect(all.length).toBeGreaterThan(20_000);
    process.stdout.write(`tcp: ${bare.length} of ${all.length} samples without the structure\n`);
    expect(bare.length / all.length).toBeLessThan(0.001);
  });

  test("each sample has the direction of its packet, seen from this host's socket", () => {
    const annotated = samples.filter(({ info }) => info !== undefined);
    for (const version of ["10.20.0.1:", "fd200000000000000000000000000001:"]) {
      const sent = annotated.filter(({ source }) => source.startsWith(version));
      const received = annotated.filter(({ destination }) => destination.startsWith(version));
      expect(sent.length).toBeGreaterThan(500);
      expect(received.length).toBeGreaterThan(500);
      expect(new Set(sent.map(({ info }) => info?.["dir"]))).toEqual(new Set([SENT]));
      expect(new Set(received.map(({ info }) => info?.["dir"]))).toEqual(new Set([RECEIVED]));
    }
  });

  test("a sample whose socket is gone leaves without delay", () => {
    const bare = samples.filter(({ info }) => info === undefined);
    const delays = bare.map(({ taken, arrived }) => arrived - taken).sort((a, b) => a - b);
    // Tests half of them: a busy machine may delay any single one. Waiting for the deadline would delay all, by 0.4
    // s.
    expect(delays[delays.length >> 1] ?? 0).toBeLessThan(0.35);
  });

  test("independent decoders accept the stream", () => {
    expect(tcpdump(pcap)).toMatchObject({ datagrams, invalid: [] });
    const { totals, warnings } = sfacctd(pcap);
    expect(warnings).toEqual([]);
    expect(totals.some(({ source, destination }) => source === "10.20.0.1" && destination === "10.20.0.2")).toBe(true);
  });
});

test("every field equals what ss shows of the same socket at the same time", async ({ folder, lab }) => {
  const host = lab.namespace();
  const far = lab.namespace();
  const [cable] = connect("eth0", [host, "10.21.0.1"], [far, "10.21.0.2"]);
  speakIpv6(host, "eth0", "fd21::1");
  speakIpv6(far, "eth0", "fd21::2");
  const { agent, receiver } = await sampled(host, folder, cable);
  const words = { times: 6, size: 30_000, silence: 250 };
  const [ipv4, ipv6, mapped] = await Promise.all([
    talked({ client: host, server: far, address: "10.21.0.2", ...words }),
    talked({ client: host, server: far, address: "fd21::2", ...words }),
    talked({ client: far, server: host, address: "10.21.0.1", listens: "::", atServer: true, ...words }),
  ]);
  await agent.stop();
  const samples = tcpSamples(receiver.datagrams());
  for (const [kind, looks, snd_mss, socket] of [
    ["IPv4", ipv4, 1448, /10\.21\.0\.1:/],
    ["IPv6", ipv6, 1428, /\[fd21::1\]:/],
    ["IPv4 of a socket of IPv6", mapped, 1448, /\[::ffff:10\.21\.0\.1\]:7000/],
  ] as const) {
    const pairs = compared(samples, looks);
    expect(pairs).toHaveLength(words.times);
    expect(
      pairs.map(({ sample }) => sample),
      kind,
    ).toEqual(pairs.map(({ ss }) => ss));
    expect(pairs[0]?.sample, kind).toMatchObject({ snd_mss, pmtu: 1500 });
    expect(looks[0]?.ss).toMatch(socket);
  }
});

test("between two addresses of the host, each packet has the figures of the socket that receives it", async ({
  folder,
  lab,
}) => {
  const host = lab.namespace();
  const { agent, receiver } = await sampled(host, folder, { address: "127.0.0.1", devices: ["lo"] });
  const words = { times: 3, size: 30_000, silence: 250 };
  const looks = [
    ...(await talked({ client: host, server: host, address: "127.0.0.1", ...words })),
    ...(await talked({ client: host, server: host, address: "127.8.8.8", ...words })),
  ];
  await agent.stop();
  const samples = tcpSamples(receiver.datagrams());
  const pairs = looks.map((heard) => {
    const { info } =
      lastBefore(
        samples.filter(({ destination }) => destination.endsWith(`:${heard.port}`)),
        heard,
      ) ?? {};
    return { ss: { dir: RECEIVED, ...ssInfo(heard.ss) }, sample: info };
  });
  expect(pairs).toHaveLength(6);
  expect(pairs.map(({ sample }) => sample)).toEqual(pairs.map(({ ss }) => ss));
});

/** host -- relay -- far; the relay is a program with delay and loss. Checksums and segments must be made before it. */
async function lossyPath(host: Namespace, relay: Namespace, far: Namespace): Promise<Cable> {
  const [cable, left] = connect("eth0", [host, "10.22.0.1"], [relay, "10.22.0.3"]);
  const [, right] = connect("eth1", [far, "10.22.0.2"], [relay, "10.22.0.4"]);
  host.ip("neigh", "replace", "10.22.0.2", "lladdr", "02:00:0a:16:00:02", "dev", "eth0");
  host.run("ethtool", "-K", "eth0", "tx", "off", "gro", "off");
  far.run("ethtool", "-K", "eth1", "tx", "off", "gro", "off");
  const words = [resolve("dist/shim.node"), left.index, right.index, 10, 100].map(String);
  const path = start(relay, [process.execPath, "test/e2e/path-process.mjs", ...words]);
  await path.says(/forwarding/);
  return cable;
}

test("with 20 ms of delay and 1 % of loss in the path, rtt is 20 ms and retrans grows with ss's", async ({
  folder,
  lab,
}) => {
  const host = lab.namespace();
  const relay = lab.namespace();
  const far = lab.namespace();
  const cable = await lossyPath(host, relay, far);
  const { agent, receiver } = await sampled(host, folder, cable);
  const looks = await talked({
    ...{ client: host, server: far, address: "10.22.0.2" },
    ...{ times: 6, size: 400_000, silence: 700 },
  });
  await agent.stop();
  const pairs = compared(tcpSamples(receiver.datagrams()), looks);
  expect(pairs.map(({ sample }) => sample)).toEqual(pairs.map(({ ss }) => ss));
  const retrans = pairs.map(({ sample }) => sample["retrans"] ?? 0);
  expect(retrans).toEqual([...retrans].sort((a, b) => a - b));
  expect(retrans.at(-1)).toBeGreaterThan((retrans[0] ?? 0) + 5);
  // The relay is a program, which a busy machine slows down and never speeds up: the shortest trip is the configured
  // one.
  for (const { sample } of pairs) {
    expect(sample["min_rtt"]).toBeGreaterThan(19_900);
    expect(sample["rtt"]).toBeGreaterThanOrEqual(sample["min_rtt"] as number);
  }
  expect(Math.min(...pairs.map(({ sample }) => sample["min_rtt"] as number))).toBeLessThan(25_000);
}, 60_000);
