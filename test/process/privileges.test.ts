// Dropping privileges: which user the agent becomes, which capabilities it keeps, and which it reports as missing.

import { expect, test } from "vitest";
import { modules } from "../../agent/modules/index.ts";
import { bitOf, type Capability } from "../../agent/proc/status.ts";
import { Privileges } from "../../agent/process/privileges.ts";
import { type Configuration, readConfiguration } from "../../agent/run/configuration.ts";
import { makeFakeHost } from "../fakes/host.ts";
import { makeLog } from "../fakes/log.ts";

const ROOT = 0x1_ffff_ffffn;
const NOBODY = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n";
const DOCKER = "docker { socket = /no/such/socket }";

const bits = (...capabilities: Capability[]): bigint => capabilities.map(bitOf).reduce((a, b) => a | b, 0n);

function configure(blocks: string): Configuration {
  const { configuration } = readConfiguration(`sflow { collector { ip = 192.0.2.1 } ${blocks} }`, modules);
  if (configuration === undefined) throw new Error(`wrong: ${blocks}`);
  return configuration;
}

function bed({ uid = 0, permitted = ROOT, passwd = NOBODY, group = "docker:x:107:\n", helps = false, env = {} } = {}) {
  const status = `Uid:\t${uid}\t${uid}\t${uid}\t${uid}\nGroups:\t\nCapPrm:\t${permitted.toString(16).padStart(16, "0")}\n`;
  const texts = { "/proc/self/status": status, "/etc/passwd": passwd, "/etc/group": group };
  const host = { ...makeFakeHost({ texts, env }), hasNamespaceHelper: () => helps };
  const log = makeLog();
  const handed: number[] = [];
  const privileges = new Privileges(host, log, ({ uid }) => handed.push(uid));
  return { host, log, handed, privileges };
}

test("root becomes nobody, without groups, and keeps the capabilities that the blocks need", () => {
  const { host, log, handed, privileges } = bed();
  privileges.drop(configure("pcap { dev = eth0 }"));
  expect(host.sockets.became).toEqual([[{ name: "nobody", uid: 65534, gid: 65533, groups: [] }, bits("CAP_NET_RAW")]]);
  expect(log.lines).toEqual(["info: runs as nobody, keeps CAP_NET_RAW (pcap)"]);
  expect(handed).toEqual([65534]);
});

test("root becomes hsflowd if that user exists, and joins the group of the Docker socket", () => {
  const { host, privileges } = bed({ passwd: `${NOBODY}hsflowd:x:990:991::/:/bin/false\n` });
  privileges.drop(configure(DOCKER));
  const user = { name: "hsflowd", uid: 990, gid: 991, groups: [107] };
  expect(host.sockets.became).toEqual([[user, bits("CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_NET_RAW")]]);
});

test("throws if neither user exists", () => {
  const { privileges } = bed({ passwd: "root:x:0:0:root:/root:/bin/sh\n" });
  expect(() => privileges.drop(configure(""))).toThrow(
    "/etc/passwd has neither user hsflowd nor nobody; add one: useradd --system --no-create-home hsflowd",
  );
});

test("an unprivileged user keeps the capabilities that are needed, and missing ones are logged", () => {
  const { host, log, privileges } = bed({ uid: 1000, permitted: bits("CAP_NET_RAW", "CAP_NET_ADMIN") });
  privileges.drop(configure("pcap { dev = eth0 } tcp { }"));
  expect(host.sockets.became).toEqual([[undefined, bits("CAP_NET_RAW")]]);
  expect(log.lines).toEqual([
    "info: runs as user 1000, keeps CAP_NET_RAW (pcap)",
    "warn: tcp { }: CAP_SYS_PTRACE is missing; it is needed to find the network namespaces of containers",
    "warn: tcp { }: CAP_SYS_ADMIN is missing; it is needed to query connections in the network namespaces of containers",
  ]);
});

test("a helper that enters network namespaces replaces two capabilities, and a service without it has a fault", () => {
  const without = { uid: 990, permitted: bits("CAP_NET_RAW"), env: { INVOCATION_ID: "1" } };
  const helped = bed({ ...without, helps: true });
  helped.privileges.drop(configure("pcap { dev = eth0 } tcp { }"));
  expect(helped.log.lines).toEqual([
    "info: runs as user 990, keeps CAP_NET_RAW (pcap), has hsflowd-namespaces for CAP_SYS_PTRACE (tcp), CAP_SYS_ADMIN (tcp)",
  ]);
  expect(helped.host.faults.all).toEqual([]);
  expect(helped.privileges.holds("CAP_SYS_ADMIN")).toBe(false);
  const alone = bed(without);
  alone.privileges.drop(configure("tcp { }"));
  expect(alone.log.lines.filter((line) => line.includes("is missing"))).toHaveLength(2);
  expect(alone.host.faults.all).toMatchObject([{ code: "NO_HELPER", count: 1 }]);
});

test("throws if root cannot be dropped, but only warns if capabilities cannot be dropped", () => {
  const refuse = () => {
    throw new Error("EPERM: operation not permitted, capset");
  };
  const root = bed();
  Object.assign(root.host.sockets, { become: refuse });
  expect(() => root.privileges.drop(configure(""))).toThrow("cannot drop root privileges: EPERM");
  const other = bed({ uid: 1000, permitted: bits("CAP_NET_RAW", "CAP_NET_ADMIN") });
  Object.assign(other.host.sockets, { become: refuse });
  other.privileges.drop(configure(""));
  expect(other.log.lines[0]).toContain("warn: cannot drop capabilities: EPERM");
  expect(other.privileges.lacks(configure("pcap { dev = eth0 }"))).toEqual([]);
});

test("root without CAP_SETUID stays root, with only the capabilities that are needed", () => {
  const { host, log, privileges } = bed({ permitted: bits("CAP_NET_RAW", "CAP_SYS_ADMIN") });
  privileges.drop(configure("pcap { dev = eth0 }"));
  expect(host.sockets.became).toEqual([[undefined, bits("CAP_NET_RAW")]]);
  expect(log.lines[0]).toBe(
    "warn: keeps running as root: CAP_SETUID or CAP_SETGID is missing, so the user cannot be changed",
  );
});

test("reports privileges that a later configuration needs and that were dropped, but not those it never had", () => {
  const given = bed({ permitted: bits("CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN") }).privileges;
  given.drop(configure(""));
  expect(given.lacks(configure(""))).toEqual([]);
  expect(given.lacks(configure("collector { ip = 192.0.2.2 namespace = blue }"))).toEqual([
    "collector { }: CAP_SYS_ADMIN was dropped at the start: restart the agent to get it back; it is needed to enter the network namespace",
  ]);
  expect(given.lacks(configure("pcap { dev = eth0 }"))).toEqual([]);
  expect(given.lacks(configure(DOCKER)).at(-1)).toContain("the group of /no/such/socket was dropped at the start");
});

test("reports no missing privilege if the process keeps root", () => {
  expect(bed().privileges.lacks(configure(`pcap { dev = eth0 } tcp { } ${DOCKER}`))).toEqual([]);
});
