// `hsflowd explain` on real interfaces: the rule that decided, with and without a running agent.

import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asking, type Bed, hsflowd, makeBed, withAgent } from "./diagnosis.ts";

let bed: Bed;
beforeAll(async () => {
  bed = await makeBed();
});
afterAll(() => bed.remove());

const block = (text: string) =>
  `sflow { polling = 1 collector { ip = 127.0.0.1 udpport = ${bed.receivers[0].port} } ${text} }`;

test("names the deciding rule while the agent runs", async () => {
  bed.host.ip("link", "add", "br7", "type", "bridge");
  bed.host.ip("link", "add", "port1", "master", "br7", "type", "veth", "peer", "name", "port1", "netns", bed.far.name);
  await withAgent(bed, block("sampling.10G = 5000 pcap { dev.pattern = ^.*[01]$ }"), (agent) => {
    const explain = (name: string) => hsflowd(bed.host, ["explain", name, asking(agent)]).stdout.split("\n")[0];
    expect(explain("lo")).toBe("lo is not sampled: no pcap { } block matches");
    expect(explain("port1")).toMatch(/^port1 is not sampled: packets of veth pairs are sampled at the bridge/);
    expect(explain("eth0")).toMatch(/^eth0 is sampled 1-in-5000: /);
    expect(explain("eth1")).toBe("eth1 is not sampled: the interface is down");
    expect(explain("eth7")).toBe("eth7 is not sampled: there is no such interface");
    expect(explain("agent")).toBe("the agent address is 10.97.1.1: eth0: IPv4 private, link up");
  });
});

test("names what is missing: a capability, a speed, a link that is up, the block itself", async () => {
  const text = "pcap { dev = eth0 } pcap { dev = eth1 } pcap { dev = lo speed = 1G- }";
  const without = ["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"];
  await withAgent(
    bed,
    block(text),
    (agent) => {
      const explain = (name: string) => hsflowd(bed.host, ["explain", name, asking(agent)]).stdout;
      expect(explain("eth0")).toMatch(/^eth0 is not sampled: .*packet sockets need CAP_NET_RAW\n {2}remedy: restart/);
      expect(explain("eth1")).toMatch(
        /^eth1 is not sampled: the interface is down\n {2}remedy: ip link set dev eth1 up/,
      );
      expect(explain("lo")).toMatch(/^lo is not sampled: its speed, unknown, is not in pcap { speed=1G- }\n/);
      writeFileSync(agent.configuration, block(""));
      expect(hsflowd(bed.host, ["reload", asking(agent)]).status).toBe(0);
      expect(explain("eth0")).toMatch(
        /^eth0 is not sampled: no block of \S+ samples packets\n {2}remedy: add pcap { dev=eth0 }/,
      );
    },
    without,
  );
});

test("names the deciding rule of the file while no agent runs", () => {
  const file = bed.folder.file("explain.conf");
  writeFileSync(file, block("sampling.10G = 5000 pcap { dev = eth0 } pcap { dev = eth1 }"));
  const explain = (name: string) => hsflowd(bed.host, ["explain", name, "-f", file, "--control-socket=/nowhere"]);
  expect(explain("eth0").stdout.split("\n")[0]).toBe(
    "eth0 is not sampled: no agent is running: there is no /nowhere; with this file, an agent would sample eth0 1-in-5000: sampling.10G = 5000",
  );
  expect(explain("eth1").stdout).toContain("remedy: ip link set dev eth1 up");
  expect(explain("eht0")).toMatchObject({ status: 1, stdout: expect.stringContaining("did you mean eth0?") });
});

test("reports that the running agent has read an older file", async () => {
  await withAgent(bed, block("pcap { dev = eth0 sampling = 7 }"), (agent) => {
    writeFileSync(agent.configuration, block("pcap { dev = eth0 sampling = 9 }"));
    const { stdout } = hsflowd(bed.host, ["explain", "eth0", asking(agent)]);
    expect(stdout.split("\n")[0]).toBe(
      "eth0 is sampled 1-in-7: the running agent still uses an older file: pcap { sampling=7 }",
    );
  });
});

test("prints the same as JSON for scripts", async () => {
  await withAgent(bed, block("pcap { dev = eth0 sampling = 7 }"), (agent) => {
    const json = (...words: string[]) =>
      JSON.parse(hsflowd(bed.host, [...words, "--format=json", asking(agent)]).stdout);
    expect(json("explain", "eth0")).toMatchObject({ sampled: true, rate: 7, why: "pcap { sampling=7 }", packets: 0 });
    expect(json("explain", "agent")).toMatchObject({
      address: "10.97.1.1",
      candidates: expect.arrayContaining([expect.objectContaining({ device: "eth1" })]),
    });
    expect(json("doctor")).toMatchObject({ ok: true });
  });
});
