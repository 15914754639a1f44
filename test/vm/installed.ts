// The .deb on a minimal Debian with systemd, from its installation to apt purge, under its own unit; datagrams arrive
// outside the machine. dpkg(1), systemctl(1), systemd-analyze(1).

import { statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeFolder } from "../e2e/agent.ts";
import { tcpdump } from "../e2e/decoders.ts";
import { frameLength } from "../e2e/flood.ts";
import { here } from "../e2e/namespaces.ts";
import { type Receiver, startReceiver } from "../e2e/receiver.ts";
import { tcpSamples } from "../e2e/tcp-samples.ts";
import { INTERNAL, sampledHeader } from "../e2e/walk.ts";
import { debianRoot } from "./debian.ts";
import type { Delivery } from "./delivery.ts";
import { boot, type Machine, OUTSIDE, share } from "./machine.ts";
import { expectMigration } from "./migration.ts";
import { expectOverlaidProc } from "./overlaid-proc.ts";
import { makePackages } from "./packages.ts";
import { expectInReadme } from "./readme.ts";
import { serviceChecks } from "./services.ts";
import { type Shell, takeCommands } from "./shell.ts";
import { flood, inFar, listen, network, PACKETS, SIZE, TALKS, talk } from "./traffic.ts";

const RATE = 10;
const DEVIATION = 4 * Math.sqrt((PACKETS / RATE) * (1 - 1 / RATE));
/** Capabilities in /proc/PID/status. */
const NET_RAW = "0000000000002000";
const PATIENCE = { timeout: 400_000 }; // An emulated machine needs longer.

/** Process 1, until systemd takes its place. */
const script = `
mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=524288 packages /mnt
ln -s /dev/null /etc/systemd/system/serial-getty@ttyS0.service
${takeCommands}
exec /sbin/init
`;

export function testInstalled(release: string, number: number, delivery: Delivery): void {
  describe(`a minimal Debian ${number}`, PATIENCE, () => {
    const folder = makeFolder();
    let machine: Machine;
    let shell: Shell;
    let receiver: Receiver;

    beforeAll(async () => {
      makePackages(folder.path);
      receiver = await startReceiver(here, { pcap: folder.file("received.pcap") });
      const devices = [...OUTSIDE, ...share("packages", folder.file("packages"))];
      machine = boot(script, { root: debianRoot(release), devices, seconds: 1500 });
      shell = await machine.shell();
      // The machine prints a few lines unasked.
      await shell.run("echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6");
      for (const words of network) await shell.run(`ip ${words}`);
    }, 560_000);

    afterAll(async () => {
      await machine?.remove();
      await receiver?.stop();
      folder.remove();
    });

    const mainPid = async () => Number(await shell.run("systemctl show -p MainPID --value hsflowd"));
    const flows = () => receiver.datagrams().flatMap((datagram) => datagram.flows);
    const indexOf = async (device: string) => Number(await shell.run(`cat /sys/class/net/${device}/ifindex`));

    const configure = (...blocks: string[]) => {
      const head = ["agentIP = 10.0.2.15", "polling = 1", `collector { ip = 10.0.2.2 udpport = ${receiver.port} }`];
      const lines = ["sflow {", ...[...head, ...blocks].map((line) => `  ${line}`), "}"];
      return shell.run(`printf '%s\\n' ${lines.map((line) => `'${line}'`).join(" ")} >/etc/hsflowd.conf`);
    };

    async function more(count = 3): Promise<void> {
      const now = receiver.datagrams().length;
      await receiver.until(`${count} more datagrams`, (all) => all.length >= now + count, 60);
    }

    /** Packets that passed on these devices each way, as the kernel counts them. */
    async function send(net: number, devices: readonly string[]): Promise<void> {
      const paths = devices.map((device) => `/sys/class/net/${device}/statistics`);
      const counters = `cat ${paths.flatMap((path) => [`${path}/rx_packets`, `${path}/tx_packets`]).join(" ")}`;
      const read = async () => (await shell.run(counters)).trim().split("\n").map(Number);
      const before = await read();
      await shell.run(flood(net));
      await shell.run(inFar(flood(net)));
      const after = await read();
      expect(after.map((value, i) => value - (before[i] ?? 0))).toEqual(after.map(() => PACKETS));
      await more();
    }

    /** Frames of the flood: each direction lies within four standard deviations. */
    async function expectSamples(device: string, tag: number): Promise<void> {
      const source = `0:${await indexOf(device)}`;
      const length = frameLength(SIZE) + tag;
      const seen = flows().filter((flow) => flow.source === source && sampledHeader(flow).frameLength === length);
      expect(new Set(seen.map(({ rate }) => rate))).toEqual(new Set([RATE]));
      for (const inwards of [true, false]) {
        const some = seen.filter(({ input }) => (input === INTERNAL) !== inwards);
        expect(Math.abs(some.length - PACKETS / RATE), device).toBeLessThan(DEVIATION);
      }
      expect(seen.at(-1), device).toMatchObject({ drops: 0 });
    }

    test(`is installed by ${delivery.name}, and waits for a collector`, async () => {
      const said = await delivery.install(shell, folder.file("packages"));
      expect(said).toContain("hsflowd was not started: add collector { ip = ADDRESS } to /etc/hsflowd.conf");
      expect((await shell.tryRun("systemctl is-active hsflowd")).output).toBe("inactive\n");
      const kilobytes = Number(await shell.run("dpkg-query -s hsflowd-ts | sed -n 's,Installed-Size: ,,p'"));
      expectInReadme("packed", statSync(folder.file("packages/first.deb")).size / 1e6, 0.04);
      expectInReadme("installed", (kilobytes * 1024) / 1e6, 0.04);
    });

    test("starts when its configuration has a collector, and datagrams arrive", async () => {
      await configure(`pcap { dev = veth0 sampling = ${RATE} }`, "metrics { }");
      await shell.run("systemctl enable --now hsflowd", 180);
      expect(await shell.run("systemctl is-active hsflowd")).toBe("active\n");
      await more();
      expect(new Set(receiver.datagrams().map(({ agent }) => agent))).toEqual(new Set(["0a00020f"]));
    });

    test("samples packets under the unit, and the pool agrees with the rate", async () => {
      await send(0, ["veth0"]);
      await expectSamples("veth0", 0);
      expect(flows().at(-1)).toMatchObject({ pool: flows().length * RATE });
    });

    test("all users can read hsflowd.auto and metrics; root and group hsflowd can use the control socket", async () => {
      const said = await shell.run(
        "stat -L -c '%n %a %U' /run/hsflowd /etc/hsflowd.auto /run/hsflowd/*.sock /run/hsflowd/state",
      );
      expect(said.trim().split("\n")).toEqual([
        "/run/hsflowd 755 hsflowd",
        "/etc/hsflowd.auto 644 hsflowd",
        "/run/hsflowd/hsflowd.sock 660 hsflowd",
        "/run/hsflowd/metrics.sock 666 hsflowd",
        "/run/hsflowd/state 600 hsflowd",
      ]);
    });

    test("systemctl reload sets a new rate in the same process", async () => {
      const pid = await mainPid();
      await shell.run(`sed -i 's/sampling = ${RATE}/sampling = ${2 * RATE}/' /etc/hsflowd.conf`);
      await shell.run("systemctl reload hsflowd", 180);
      await shell.run(flood(0));
      await receiver.until("samples at the new rate", () => flows().some(({ rate }) => rate === 2 * RATE));
      expect(await mainPid()).toBe(pid);
    });

    test("is started again after it was killed", async () => {
      const pid = await mainPid();
      await shell.run(`kill -KILL ${pid}`);
      await shell.until(
        `systemctl is-active hsflowd && [ $(systemctl show -p MainPID --value hsflowd) != ${pid} ]`,
        180,
      );
      await more();
    });

    test("a reload reports blocks that need more privileges than were kept, and the place of a mistake", async () => {
      await configure("tcp { }");
      await shell.run("systemctl restart hsflowd", 180);
      await configure(`pcap { dev = veth0 sampling = ${RATE} }`, "tcp { }");
      expect((await shell.tryRun("systemctl reload hsflowd", 180)).status).toBe(1);
      expect(await shell.run("systemctl status --no-pager -l -n 40 hsflowd")).toContain(
        "restart the agent to get it back",
      );
      await configure("pcp { dev = veth0 }");
      expect((await shell.tryRun("systemctl restart hsflowd", 180)).status).toBe(1);
      const { output } = await shell.tryRun("systemctl status --no-pager -l -n 40 hsflowd");
      expect(output).toContain("Active: failed");
      expect(output).toContain("/etc/hsflowd.conf:5:3: error: ");
    });

    test("after an upgrade samples a bond, a VLAN and connections under the unit", async () => {
      await configure(
        "pcap { dev = veth0 sampling = 1 }",
        `pcap { dev = bond0 sampling = ${RATE} }`,
        `pcap { dev = vlan0 sampling = ${RATE} }`,
        "tcp { }",
        "docker { }",
        "nflog { group = 5 }",
      );
      expect(await shell.run("stat -f -c %T /sys/fs/cgroup")).toBe("cgroup2fs\n");
      const before = await shell.run("cat /etc/hsflowd.conf");
      await delivery.upgrade(shell, folder.file("packages"));
      await shell.until("systemctl is-active hsflowd", 180);
      expect(await shell.run("cat /etc/hsflowd.conf")).toBe(before);
      await more();
      await send(1, ["bond0", "vlan0"]);
      await expectSamples("bond0", 4);
      await expectSamples("vlan0", 0);
      await shell.run(`${inFar(listen)} >/dev/null &`);
      await shell.until(talk);
      await more();
      const tap = await indexOf("veth0");
      const figures = tcpSamples(receiver.datagrams()).filter((sample) => sample.tap === tap && sample.info);
      expect(figures.length).toBeGreaterThan(TALKS);
      expect(figures.at(-1)?.info?.["rtt"]).toBeGreaterThan(0);
      expect(await shell.run("hsflowd status --all")).toMatch(/^\/(run\/netns|proc)\/\S+ +\d+/m);
    });

    test("every thread has the capabilities that the blocks name, and no other", async () => {
      const pid = await mainPid();
      const said = await shell.run(`sed -n 's/^Cap\\(Prm\\|Eff\\|Amb\\):\\t//p' /proc/${pid}/task/*/status | sort -u`);
      expect(said.trim().split("\n")).toEqual(["0000000000000000", NET_RAW]);
      const log = await shell.run(`journalctl -o cat _PID=${pid}`);
      expect(log.match(/warning|error|failed/gi), log).toEqual(["warning"]);
      expect(log).toMatch(/keeps CAP_NET_RAW \(docker, pcap\), has hsflowd-namespaces for .*\n.* its own files/);
      expect(log).toContain("warning: not implemented yet, ignored: nflog { }");
      expect(log).toContain("docker: unix:///var/run/docker.sock: the socket does not exist");
    });

    test("numbers went on over all of that, without repetition", async () => {
      // Otherwise more would arrive while tcpdump reads.
      await shell.run("systemctl stop hsflowd", 180);
      const all = receiver.datagrams().map(({ sequence }) => sequence);
      expect(all).toEqual([...new Set(all)].toSorted((a, b) => a - b));
      expect(tcpdump(receiver.pcap)).toMatchObject({ datagrams: all.length, invalid: [] });
    });

    test("memory and exposure, as systemd reports them, are those of README.md", async () => {
      await configure(`pcap { dev = veth0 sampling = ${RATE} }`);
      await shell.run("systemctl restart hsflowd", 180);
      await more(10);
      // Two seconds after its start, the agent returns memory that only the start needed.
      await shell.run("sleep 5");
      const status = await shell.run(`grep -E '^(VmRSS|CapEff)' /proc/${await mainPid()}/status`);
      expect(status).toContain(NET_RAW);
      expectInReadme("in memory", (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024) / 1e6, 0.2);
      const exposure = async (unit: string) =>
        Number(/: ([\d.]+)/.exec(await shell.run(`systemd-analyze security --no-pager ${unit} | tail -n 1`))?.[1]);
      expectInReadme("exposed", await exposure("hsflowd"), 0);
      expect(await exposure("hsflowd-namespaces")).toBeLessThanOrEqual(2);
    });

    test("files that a container has over those of /proc are what is sent", () => expectOverlaidProc(shell, receiver));

    test.each(serviceChecks)("%s", (_, check) => check({ shell, receiver, configure }));

    test("apt purge leaves nothing behind", async () => {
      await shell.run("apt-get -qq -y purge hsflowd-ts", 180);
      const elsewhere = ["/proc", "/mnt", "/var/log", "/sys"].map((path) => `-path ${path} -prune -o`).join(" ");
      expect(await shell.run(`find / ${elsewhere} -name '*hsflowd*' -print`)).toBe("");
      expect(await shell.run("systemctl list-units --all --no-legend 'hsflowd*'")).toBe("");
      expect((await shell.tryRun("getent passwd hsflowd || getent group hsflowd")).output).toBe("");
    });

    const migrates = () => expectMigration(shell, receiver, configure);
    test("takes the place of hsflowd and gives it back", { timeout: 600_000 }, migrates);
  });
}
