// A file as a whole: whether anything samples packets, and whether anything is sent.

import { describe, expect, it } from "vitest";
import { modules } from "../../agent/modules/index.ts";
import { readConfiguration } from "../../agent/run/configuration.ts";

const OWN = "collector { ip = 192.0.2.1 }";

const read = (text: string) => readConfiguration(`sflow { ${text} }`, modules);
const messages = (text: string): string[] => read(text).problems.map(({ message }) => message);
const outcome = (text: string): string | undefined =>
  messages(text).find((message) => /^(nothing is sent:|only counters are sent)/.test(message));

describe("nothing to say about a file that samples and sends", () => {
  it.each([
    `${OWN} pcap { }`,
    `${OWN} pcap { dev = eth0 }`,
    `${OWN} psample { }`,
    `${OWN} psample { ingress = off egress = on }`,
    `${OWN} pcap { } pcap { dev = eth1 sampling = 0 }`,
    `${OWN} pcap { sampling = 0 } pcap { dev = eth1 }`,
    `${OWN} pcap { } pcap { dynamic = on }`,
    `${OWN} sampling = 0 pcap { }`,
    `${OWN} sampling = 0 sampling.bps_ratio = 0 sampling.10G = 9 pcap { }`,
    `${OWN} sampling = 0 sampling.bps_ratio = 0 pcap { sampling = 9 }`,
    `${OWN} polling = 0 pcap { }`,
    `${OWN} nflog { } pcap { }`,
    "dns-sd { } pcap { }",
    "DNSSD = on pcap { }",
    `${OWN} agent.cidr = !0.0.0.0/0 pcap { }`,
    `${OWN} agent.cidr = 10.0.0.0/8 agent.cidr = !0.0.0.0/0 agent.cidr = !::/0 pcap { }`,
    `${OWN} agentIP = 192.0.2.9 agent.cidr = !0.0.0.0/0 agent.cidr = !::/0 pcap { }`,
    "collector { ip = fe80::1%eth0 } pcap { }",
    `${OWN} collector { ip = fe80::1 } pcap { }`,
  ])("%s", (text) => expect(outcome(text)).toBeUndefined());
});

describe("a file in which nothing samples packets says so", () => {
  it.each([
    [OWN, "no block of the file samples packets"],
    [`${OWN} sampling = 1000 nflogGroup = 5 nflogProbability = 0.001`, "no block of the file samples packets"],
    [`${OWN} docker { } systemd { } tcp { }`, "no block of the file samples packets"],
    [`${OWN} polling = 0 docker { }`, "no block of the file samples packets"],
    [`${OWN} nflog { group = 5 probability = 0.0025 }`, "nflog { } is not implemented yet"],
    [`${OWN} vpp { } ulog { }`, "ulog { } is not implemented yet, vpp { } is not implemented yet"],
    [`${OWN} epcap { sampling = 0 }`, "epcap { }: sampling = 0"],
    [`${OWN} pcap { sampling = 0 }`, "pcap { }: sampling = 0"],
    [`${OWN} pcap { } pcap { sampling = 0 }`, "pcap { }: sampling = 0"],
    [`${OWN} pcap { dev = eth0 sampling = 0 } pcap { dev = eth1 sampling = 0 }`, "pcap { }: sampling = 0"],
    [
      `${OWN} pcap { dynamic = on }`,
      "pcap { }: dynamic = on samples only interfaces that another block requests, and none does",
    ],
    [`${OWN} pcap { speed = 10G-1G }`, "pcap { }: no speed is in the range of speed"],
    [
      `${OWN} sampling = 0 sampling.bps_ratio = 0 pcap { }`,
      "pcap { }: sampling = 0 and sampling.bps_ratio = 0 in sflow { }",
    ],
    [`${OWN} psample { ingress = off }`, "psample { }: ingress and egress are off"],
    [
      `${OWN} psample { ingress = off } nflog { }`,
      "nflog { } is not implemented yet, psample { }: ingress and egress are off",
    ],
  ])("%s", (text, why) => {
    expect(outcome(text)).toBe(`only counters are sent, no packet samples: ${why}`);
    expect(read(text).configuration).toBeDefined();
  });
});

describe("a file in which nothing is sent says so", () => {
  it.each([
    [`${OWN} polling = 0`, "polling = 0 turns counters off, and no block of the file samples packets"],
    [`${OWN} polling = 0 pcap { sampling = 0 }`, "polling = 0 turns counters off, and pcap { }: sampling = 0"],
    ["sonic { } pcap { }", "sonic { } is not implemented yet"],
    [`${OWN} agent.cidr = !0.0.0.0/0 agent.cidr = !::/0 pcap { }`, "agent.cidr excludes every address"],
    ["collector { ip = fe80::1 } pcap { }", "fe80::1 is a link-local address and needs its interface, dev = INTERFACE"],
  ])("%s", (text, why) => {
    expect(outcome(text)).toBe(`nothing is sent: ${why}`);
    expect(read(text).configuration).toBeDefined();
  });

  it.each(["pcap { }", "DNSSD = off pcap { }", "dns-sd { } DNSSD = off", "DNSSD_domain = .example.com"])(
    "%s is refused, because no collector is configured",
    (text) => {
      expect(messages(text)).toContain("no collector is configured");
      expect(read(text).configuration).toBeUndefined();
    },
  );
});

it("a collector that cannot be reached is named, also beside others", () => {
  expect(messages(`${OWN} collector { ip = fe80::1 } pcap { }`)).toEqual([
    "nothing is sent to this collector: fe80::1 is a link-local address and needs its interface, dev = INTERFACE",
  ]);
});
