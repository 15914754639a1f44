// `hsflowd doctor` on real faults: its first line names the fault, and says so where there is none.

import { lookup } from "node:dns/promises";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inOpenCopy } from "./agent.ts";
import { start } from "./child.ts";
import { sleep } from "./command.ts";
import { asking, type Bed, hsflowd, makeBed, withAgent } from "./diagnosis.ts";

let bed: Bed;
beforeAll(async () => {
  bed = await makeBed();
  const types = ["blackhole", "prohibit", "unreachable", "throw"];
  for (const [i, type] of types.entries()) bed.host.ip("route", "add", type, `198.51.100.${i}/32`);
  bed.host.run("iptables", "-A", "OUTPUT", "-d", "10.97.1.77", "-j", "DROP");
});
afterAll(() => bed.remove());

const doctor = (...words: string[]) => hsflowd(bed.host, ["doctor", ...words]);
const here = () => `collector { ip = 127.0.0.1 udpport = ${bed.receivers[0].port} }`;
const block = (text: string) => `sflow { polling = 1 ${text} }`;

const WITHOUT_RAW = ["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"];

type Broken = readonly [what: string, text: () => string, first: string, before: readonly string[]];

const situation = (what: string, text: () => string, first: string, before: readonly string[] = []): Broken => [
  what,
  text,
  first,
  before,
];

const broken: readonly Broken[] = [
  situation(
    "an interface is down",
    () => block(`${here()} pcap { dev = eth1 }`),
    "eth1 is not sampled: the interface is down",
  ),
  situation(
    "no interface matches",
    () => block(`${here()} pcap { dev.pattern = ^wlan }`),
    "no interface is sampled: eth0: no pcap { } block matches",
  ),
  situation(
    "an interface is missing",
    () => block(`${here()} pcap { dev = eth9 }`),
    "eth9 is not sampled: there is no such interface",
  ),
  situation(
    "no route leads to the collector",
    () => block("collector { ip = 203.0.113.1 } pcap { dev = eth0 }"),
    "203.0.113.1:6343 cannot be reached: ENETUNREACH, no route leads to it",
  ),
  situation(
    "the collector's port is closed",
    () => block("collector { ip = 127.0.0.1 udpport = 9 } pcap { dev = eth0 }"),
    "127.0.0.1:9 cannot be reached: nothing is listening on port 9 there",
  ),
  situation(
    "a port of another host is closed",
    () => block("collector { ip = 10.97.1.2 udpport = 9 } pcap { dev = eth0 }"),
    "10.97.1.2:9 cannot be reached: nothing is listening on port 9 there",
  ),
  situation(
    "the agent has no CAP_NET_RAW",
    () => block(`${here()} pcap { dev = eth0 }`),
    "eth0 is not sampled: packet-socket: eth0: EPERM: operation not permitted, socket; packet sockets need CAP_NET_RAW",
    WITHOUT_RAW,
  ),
  situation(
    "the speed is another",
    () => block(`${here()} pcap { speed = 100G- }`),
    "no interface is sampled: eth0: its speed, 10G, is not in pcap { speed=100G- }",
  ),
  situation(
    "the Docker socket is missing",
    () => block(`${here()} pcap { dev = eth0 } docker { socket = /run/nobody/docker.sock }`),
    "docker: unix:///run/nobody/docker.sock: the socket does not exist, trying again every second",
  ),
  situation(
    "the collector's name is unknown",
    () => block("collector { ip = collector.invalid } pcap { dev = eth0 }"),
    "collector.invalid:6343 cannot be reached: the name has no address",
  ),
  situation(
    "the collector's interface is missing",
    () => block("collector { ip = 10.97.1.2 dev = mgmt } pcap { dev = eth0 }"),
    "10.97.1.2:6343 cannot be reached: there is no interface mgmt",
  ),
  situation(
    "the collector's namespace is missing",
    () => block("collector { ip = 10.97.1.2 namespace = nowhere } pcap { dev = eth0 }"),
    "10.97.1.2:6343 cannot be reached: there is no network namespace nowhere",
  ),
  situation(
    "every address is excluded",
    () => block(`agent.cidr = !0.0.0.0/0 agent.cidr = !::/0 ${here()} pcap { dev = eth0 }`),
    "nothing is sent: agent.cidr excludes every address",
  ),
  situation(
    "counters are off, and nothing samples",
    () => block(`polling = 0 ${here()}`),
    "nothing is sent: polling = 0 turns counters off, and no block of the file samples packets",
  ),
];

describe("where something is broken, doctor names it first", () => {
  test.each(broken)("%s", async (_, text, first, before) => {
    await withAgent(
      bed,
      text(),
      (agent) => {
        const { stdout, status } = doctor(asking(agent));
        expect(stdout.split("\n")[0]).toBe(first);
        expect(status).toBe(1);
      },
      before,
    );
  });

  test("what refuses the datagrams: a firewall rule, and each type of route", async () => {
    const addresses = ["10.97.1.77", "198.51.100.0", "198.51.100.1", "198.51.100.2", "198.51.100.3"];
    const collectors = addresses.map((ip) => `collector { ip = ${ip} }`).join(" ");
    await withAgent(bed, block(`${collectors} pcap { dev = eth0 }`), (agent) => {
      const lines = doctor(asking(agent)).stdout.split("\n");
      const causes = lines.flatMap(
        (line) => /^broken +collectors +(\S+):6343 cannot be reached: (.*)/.exec(line) ?? [],
      );
      expect(causes.filter((_, i) => i % 3 > 0)).toEqual([
        ...["10.97.1.77", "EPERM, a firewall rule on this host blocks it"],
        ...["198.51.100.0", "EINVAL, a blackhole route or a blackhole rule discards it"],
        "198.51.100.1",
        "EACCES, a prohibit route, a prohibit rule or a security policy forbids it, or it is a broadcast address",
        ...["198.51.100.2", "EHOSTUNREACH, an unreachable route rejects it"],
        ...["198.51.100.3", "ENETUNREACH, no route leads to it"],
      ]);
    });
  });

  test("a closed port of another host, whose refusals arrive once a second while the agent sends all the time", async () => {
    const text = block("collector { ip = 10.97.1.2 udpport = 9 } pcap { dev = eth0 sampling = 1 }");
    await withAgent(bed, text, async (agent) => {
      const traffic = start(bed.host, ["ping", "-q", "-i", "0.01", "10.97.1.2"]);
      await agent.says(/eth0: sampled/);
      await sleep(1500);
      expect(doctor(asking(agent)).stdout).toMatch(
        /^10\.97\.1\.2:9 cannot be reached: nothing is listening on port 9 there\n/,
      );
      await traffic.stop();
    });
  });

  test("a file that the running agent has not read", async () => {
    await withAgent(bed, block(`${here()} pcap { dev = eth0 }`), (agent) => {
      const more = `collector { ip = ::1 udpport = ${bed.receivers[1].port} }`;
      writeFileSync(agent.configuration, block(`${here()} ${more} pcap { dev = eth0 }`));
      expect(doctor(asking(agent)).stdout).toMatch(
        /^\[::1\]:\d+ gets nothing: the running agent has not read this file\n {2}remedy: systemctl reload hsflowd\n/,
      );
    });
  });

  test("a file without read permission", async () => {
    const file = bed.folder.file("secret.conf");
    writeFileSync(file, block(here()), { mode: 0o600 });
    const nobody = ["setpriv", "--reuid=65534", "--clear-groups", ...inOpenCopy(bed.folder)];
    const { stdout, status } = hsflowd(bed.host, ["doctor", "-f", file, "--control-socket=/nowhere"], nobody);
    expect(stdout).toMatch(
      new RegExp(`cannot tell whether ${file} has errors: permission denied\n *remedy: ask as root`),
    );
    expect(status).toBe(1);
  });

  test("a file with an error", () => {
    const file = bed.folder.file("wrong.conf");
    writeFileSync(file, "sflow {\n  colector { ip = 10.0.0.1 }\n}\n");
    expect(doctor("-f", file).stdout.split("\n")[0]).toContain(`${file}:2:3: unknown block "colector"`);
  });

  test("no address for the agent", () => {
    const empty = bed.lab.namespace();
    empty.ip("link", "set", "lo", "down");
    empty.ip("address", "flush", "dev", "lo");
    const file = bed.folder.file("alone.conf");
    writeFileSync(file, block(here()));
    const { stdout } = hsflowd(empty, ["doctor", "-f", file, "--control-socket=/nowhere"]);
    expect(stdout.split("\n")[0]).toBe("nothing is sent: no interface has a usable address");
  });

  test("a block that cannot start, until a reload succeeds", async () => {
    const withMetrics = (port: number) => block(`${here()} pcap { dev = eth0 } metrics { port = ${port} }`);
    // Port below 1024, and the agent has given up root.
    await withAgent(bed, withMetrics(22), (agent) => {
      expect(doctor(asking(agent)).stdout).toMatch(/^metrics: .*EACCES.*\n {2}remedy: .*systemctl reload hsflowd\n/);
      const again = hsflowd(bed.host, ["reload", asking(agent)]);
      expect(again).toMatchObject({ status: 1, stdout: expect.stringContaining("in force after") });
      expect(again.stderr).toMatch(/^hsflowd: metrics { }: .*EACCES/m);
      writeFileSync(agent.configuration, withMetrics(9536));
      expect(hsflowd(bed.host, ["reload", asking(agent)])).toMatchObject({ status: 0, stderr: "" });
      expect(doctor(asking(agent)).stdout).toMatch(/^nothing is wrong\n/);
    });
  });

  test("no agent, a killed agent, and an agent that hangs", async () => {
    const file = bed.folder.file("right.conf");
    writeFileSync(file, block(`${here()} pcap { dev = eth0 }`));
    const nowhere = doctor("-f", file, `--control-socket=${bed.folder.file("none.sock")}`);
    expect(nowhere.stdout.split("\n")[0]).toBe(`no agent is running: there is no ${bed.folder.file("none.sock")}`);
    await withAgent(bed, block(here()), (agent) => {
      agent.kill("SIGSTOP");
      const { stdout } = doctor("-f", file, asking(agent));
      expect(stdout.split("\n")[0]).toBe(`the agent behind ${agent.controlSocket} does not answer within 2 s`);
    });
  });
});

/** The address of localhost that the agent uses is 127.0.0.1 in some files of hosts, and ::1 in others. */
const { family } = await lookup("localhost", { verbatim: true });

const healthy: readonly (readonly [what: string, text: () => string])[] = [
  ["one interface, one collector", () => block(`${here()} pcap { dev = eth0 }`)],
  ["every interface, one of them down", () => block(`${here()} pcap { }`)],
  ["a pattern", () => block(`${here()} pcap { dev.pattern = ^eth }`).replace("^eth", "^(lo|eth)")],
  ["a speed that fits", () => block(`${here()} pcap { speed = 10G } pcap { dev = eth0 speed = 1G- }`)],
  ["counters only", () => block(here())],
  ["a rate of zero, as it was asked for", () => block(`${here()} pcap { dev = eth0 sampling = 0 }`)],
  [
    "two collectors, one of IPv6",
    () => block(`${here()} collector { ip = ::1 udpport = ${bed.receivers[1].port} } pcap { dev = eth0 }`),
  ],
  [
    "a collector by name",
    () => block(`collector { ip = localhost udpport = ${bed.receivers[family === 6 ? 1 : 0].port} } pcap { dev = lo }`),
  ],
  ["an agent address that the host has not", () => block(`agentIP = 192.0.2.7 ${here()} pcap { dev = eth0 }`)],
  ["a collector that answers nothing", () => block("collector { ip = 10.97.1.99 } pcap { dev = eth0 }")],
  ["tcp { } beside it", () => block(`${here()} pcap { dev = eth0 } tcp { }`)],
];

describe("where no fault exists, doctor says so", () => {
  test.each(healthy)("%s", async (_, text) => {
    await withAgent(bed, text(), (agent) => {
      const { stdout, status } = doctor(asking(agent));
      expect(stdout.split("\n")[0], stdout).toBe("nothing is wrong");
      expect(status).toBe(0);
    });
  });
});
