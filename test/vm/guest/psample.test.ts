// psample { } on a kernel that samples by tc(8): rates, ports, headers, and what decoders make of them.

import { describe, expect } from "vitest";
import type { AgentStatus } from "../../../agent/report/agent-status.ts";
import type { Agent } from "../../e2e/agent.ts";
import { sleep, tryRun, until } from "../../e2e/command.ts";
import { sfacctd, tcpdump, tshark } from "../../e2e/decoders.ts";
import { test } from "../../e2e/fixture.ts";
import { flood, frameLength } from "../../e2e/flood.ts";
import { type Cable, connect, type Namespace, nobody } from "../../e2e/namespaces.ts";
import type { Receiver } from "../../e2e/receiver.ts";
import { type Flow, sampledHeader } from "../../e2e/walk.ts";

const PACKETS = 200_000;
const SIZE = 100;
const RATE = 100;
/** Four standard deviations of the number of samples of so many packets at 1-in-RATE. */
const DEVIATION = 4 * Math.sqrt((PACKETS / RATE) * (1 - 1 / RATE));
const INGRESS = 1;
const EGRESS = 2;

const tc = (namespace: Namespace, ...words: string[]) => namespace.run("tc", ...words);
const sampleBy = (namespace: Namespace, device: string, side: string, ...sample: (string | number)[]) =>
  tc(
    namespace,
    ..."filter add dev".split(" "),
    device,
    side,
    ..."matchall action sample".split(" "),
    ...sample.map(String),
  );

/** Waits until the agent has joined the channel, as its status says. */
async function joined({ controlSocket, stderr }: Agent): Promise<void> {
  const words = ["dist/hsflowd.js", "status", "--format=json", `--control-socket=${controlSocket}`];
  const obstacle = (): unknown => {
    const { stdout, status } = tryRun(process.execPath, ...words);
    if (status !== 0) return "no answer";
    const { modules }: Pick<AgentStatus, "modules"> = JSON.parse(stdout);
    return modules.find(({ name }) => name === "psample")?.report.obstacle;
  };
  await until("the channel", () => obstacle() === undefined, { evidence: stderr });
}

describe(`${PACKETS} packets each way, sampled 1-in-${RATE} by tc`, () => {
  let cable: Cable;
  let peer: Cable;
  let receiver: Receiver;
  let flows: Flow[];
  let status: string;
  let datagrams: number;

  test.beforeAll(async ({ lab, startAgent, startReceiver }) => {
    const host = lab.namespace();
    const far = lab.namespace();
    [cable, peer] = connect("eth0", [host, "10.9.0.1"], [far, "10.9.0.2"]);
    receiver = await startReceiver(host, { port: 6343 });
    const agent = startAgent(
      host,
      `sflow {
        agentIP = ${cable.address}
        polling = 5
        headerBytes = 64
        collector { ip = 127.0.0.1 }
        psample { group = ${INGRESS} egress = on }
      }`,
    );
    await until("the module to be missed", () => agent.stderr().includes("modprobe psample"), {
      evidence: agent.stderr,
    });
    tc(host, "qdisc", "add", "dev", "eth0", "clsact");
    sampleBy(host, "eth0", "ingress", "rate", RATE, "group", INGRESS);
    sampleBy(host, "eth0", "egress", "rate", RATE, "group", EGRESS, "trunc", 48);
    await joined(agent);
    await Promise.all([
      flood(host, { to: nobody(cable.address), packets: PACKETS, size: SIZE }),
      flood(far, { to: nobody(peer.address), port: 5001, packets: PACKETS, size: SIZE }),
    ]);
    await receiver.until("counters of the interface", (all) =>
      all.some(({ counters }) => counters.some(({ source }) => source === `0:${cable.index}`)),
    );
    await sleep(3000);
    status = host.run(process.execPath, "dist/hsflowd.js", "status", `--control-socket=${agent.controlSocket}`);
    await agent.stop();
    const all = receiver.datagrams();
    datagrams = all.length;
    flows = all.flatMap((datagram) => datagram.flows);
  }, 300_000);

  const received = () => flows.filter(({ output }) => output === 0);
  const sent = () => flows.filter(({ output }) => output !== 0);
  const near = (count: number) => Math.abs(count - PACKETS / RATE);

  test("samples are within four standard deviations of the packets, each way", () => {
    const lost = flows.at(-1)?.drops ?? 0;
    expect(lost).toBe(0);
    expect(near(received().length)).toBeLessThan(DEVIATION);
    expect(near(sent().length)).toBeLessThan(DEVIATION);
  });

  test("samples name source, ports and rate, and number themselves without a gap", () => {
    expect(new Set(flows.map(({ source }) => source))).toEqual(new Set([`0:${cable.index}`]));
    expect(new Set(flows.map(({ rate }) => rate))).toEqual(new Set([RATE]));
    expect(new Set(received().map(({ input }) => input))).toEqual(new Set([cable.index]));
    expect(new Set(sent().map(({ input, output }) => `${input} ${output}`))).toEqual(new Set([`0 ${cable.index}`]));
    expect(flows.map(({ sequence }) => sequence)).toEqual(flows.map((_, i) => i + 1));
    expect(flows.at(-1)?.pool).toBe(flows.length * RATE);
  });

  test("headers are cut by the agent and by the kernel, and lengths are those of the packets", () => {
    const headers = (some: readonly Flow[]) => new Set(some.map((flow) => sampledHeader(flow).header.length));
    const lengths = new Set(flows.map((flow) => sampledHeader(flow).frameLength));
    expect(lengths).toEqual(new Set([frameLength(SIZE)]));
    expect([headers(received()), headers(sent())]).toEqual([new Set([64]), new Set([48])]);
  });

  test("samples have the time of the kernel", () => {
    expect(flows.every(({ records }) => records.has(1043))).toBe(true);
  });

  test("status counts them by group", () => {
    expect(status).toMatch(new RegExp(`^ +${INGRESS} +eth0 +${RATE} +${received().length} +0$`, "m"));
    expect(status).toMatch(new RegExp(`^ +${EGRESS} +eth0 +${RATE} +${sent().length} +0$`, "m"));
  });

  test("tcpdump walks every datagram", () => {
    expect(tcpdump(receiver.pcap)).toEqual({ datagrams, flowSamples: flows.length, invalid: [] });
  });

  test("sfacctd adds up what was sent", () => {
    const { totals, warnings } = sfacctd(receiver.pcap);
    expect(warnings).toEqual([]);
    expect(totals.toSorted((a, b) => a.source.localeCompare(b.source))).toEqual(
      [
        [cable.address, nobody(cable.address), sent().length] as const,
        [peer.address, nobody(peer.address), received().length] as const,
      ].map(([source, destination, samples]) => ({
        source,
        destination,
        packets: samples * RATE,
        bytes: samples * RATE * frameLength(SIZE),
      })),
    );
  });

  test("tshark shows rates, lengths and ports", () => {
    const fields = ["sampling_rate", "input_interface_value", "output_interface_value"].map(
      (name) => `sflow.flow_sample.${name}`,
    );
    const rows = tshark(
      receiver.pcap,
      [...fields, "sflow_245.header.frame_length"],
      `sflow_245.agent == ${cable.address}`,
    );
    const shown = rows.map(([rates = [], inputs = [], outputs = [], lengths = []]) => [
      rates,
      inputs,
      outputs,
      lengths,
    ]);
    const [rates, inputs, outputs, lengths] = [0, 1, 2, 3].map(
      (column) => new Set(shown.flatMap((row) => row[column])),
    );
    expect(rates).toEqual(new Set([`${RATE}`]));
    expect(inputs).toEqual(new Set(["0", `${cable.index}`]));
    expect(outputs).toEqual(new Set(["0", `${cable.index}`]));
    expect(lengths).toEqual(new Set([`${frameLength(SIZE)}`]));
  });
});

test("packets of 8,900 bytes, bare IP and VXLAN are sampled whole", async ({ lab, startAgent, startReceiver }) => {
  const host = lab.namespace();
  const far = lab.namespace();
  const [cable] = connect("eth0", [host, "10.19.0.1"], [far, "10.19.0.2"]);
  for (const namespace of [host, far]) namespace.ip("link", "set", "eth0", "mtu", "9000");
  for (const [namespace, own, other] of [
    [host, 1, 2],
    [far, 2, 1],
  ] as const) {
    const ends = ["local", `10.19.0.${own}`, "remote", `10.19.0.${other}`];
    namespace.ip("tunnel", "add", "ipip1", "mode", "ipip", ...ends);
    namespace.ip("address", "add", `10.18.0.${own}/24`, "dev", "ipip1");
    namespace.ip("link", "set", "ipip1", "up");
  }
  host.ip(..."link add vx0 address 02:00:00:00:02:01 type vxlan dstport 4789 external".split(" "));
  far.ip(..."link add vx0 address 02:00:00:00:02:02 type vxlan id 42 dstport 4789".split(" "), "remote", "10.19.0.1");
  for (const [namespace, own] of [[host, 1] as const, [far, 2] as const]) {
    namespace.ip("address", "add", `10.16.0.${own}/24`, "dev", "vx0");
    namespace.ip("link", "set", "vx0", "up");
  }
  host.ip(..."neigh replace 10.16.0.2 lladdr 02:00:00:00:02:02 dev vx0".split(" "));
  for (const device of ["eth0", "ipip1", "vx0"]) {
    tc(host, "qdisc", "add", "dev", device, "clsact");
    sampleBy(host, device, "ingress", "rate", 1, "group", INGRESS);
  }
  const key = "tunnel_key set src_ip 10.19.0.1 dst_ip 10.19.0.2 id 42 dst_port 4789 pipe";
  tc(
    host,
    ..."filter add dev vx0 egress matchall action".split(" "),
    ...key.split(" "),
    ..."action sample rate 1 group 2".split(" "),
  );
  const receiver = await startReceiver(host, { port: 6343 });
  const agent = startAgent(host, "sflow { collector { ip = 127.0.0.1 } psample { egress = on } }");
  await joined(agent);
  host.run("ping", "-c1", "-W5", "-s8900", "10.19.0.2");
  host.run("ping", "-c1", "-W5", "10.18.0.2");
  host.run("ping", "-c1", "-W5", "10.16.0.2");
  const index = (device: string) => Number(/^(\d+):/.exec(host.ip("-o", "link", "show", device))?.[1]);
  const [ipip, vxlan] = [index("ipip1"), index("vx0")];
  const all = await receiver.until("samples of all three", (so) => {
    const sources = so.flatMap(({ flows }) => flows.map(({ source }) => source));
    return [cable.index, ipip, vxlan].every((source) => sources.includes(`0:${source}`));
  });
  await agent.stop();
  const flows = all.flatMap((datagram) => datagram.flows);
  const of = (source: number) => flows.filter((flow) => flow.source === `0:${source}`);
  expect(of(cable.index).map((flow) => sampledHeader(flow).frameLength)).toContain(14 + 20 + 8 + 8900 + 4);
  expect(of(ipip).map((flow) => sampledHeader(flow))).toMatchObject([{ protocol: 11, frameLength: 84 + 4 }]);
  const records = (output: boolean) =>
    of(vxlan)
      .filter((flow) => (flow.output !== 0) === output)
      .map((flow) => [...flow.records.keys()]);
  expect(records(false)).toContainEqual(expect.arrayContaining([1, 1024, 1030]));
  expect(records(true)).toContainEqual(expect.arrayContaining([1, 1023, 1029]));
});
