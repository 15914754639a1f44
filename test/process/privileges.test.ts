// Giving up root: who the agent becomes, what it keeps, what it says is missing.

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

function bed({ uid = 0, permitted = ROOT, passwd = NOBODY, group = "docker:x:107:\n" } = {}) {
  const status = `Uid:\t${uid}\t${uid}\t${uid}\t${uid}\nGroups:\t\nCapPrm:\t${permitted.toString(16).padStart(16, "0")}\n`;
  const texts = { "/proc/self/status": status, "/etc/passwd": passwd, "/etc/group": group };
  const host = makeFakeHost({ texts });
  const log = makeLog();
  const handed: number[] = [];
  const privileges = new Privileges(host, log, ({ uid }) => handed.push(uid));
  return { host, log, handed, privileges };
}

test("root becomes nobody, in no group, with what the blocks name", () => {
  const { host, log, handed, privileges } = bed();
  privileges.giveUp(configure("pcap { dev = eth0 }"));
  expect(host.sockets.became).toEqual([[{ name: "nobody", uid: 65534, gid: 65533, groups: [] }, bits("CAP_NET_RAW")]]);
  expect(log.lines).toEqual(["info: runs as nobody, keeps CAP_NET_RAW (pcap)"]);
  expect(handed).toEqual([65534]);
});

test("a user of its own comes before nobody, and joins the group of the engine", () => {
  const { host, privileges } = bed({ passwd: `${NOBODY}hsflowd:x:990:991::/:/bin/false\n` });
  privileges.giveUp(configure(DOCKER));
  const user = { name: "hsflowd", uid: 990, gid: 991, groups: [107] };
  expect(host.sockets.became).toEqual([[user, bits("CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_NET_RAW")]]);
});

test("without either user it does not go on", () => {
  const { privileges } = bed({ passwd: "root:x:0:0:root:/root:/bin/sh\n" });
  expect(() => privileges.giveUp(configure(""))).toThrow(
    "there is neither a user hsflowd nor nobody in /etc/passwd; add one: useradd --system --no-create-home hsflowd",
  );
});

test("another user keeps what is named of what it has, and hears what is missing and what for", () => {
  const { host, log, privileges } = bed({ uid: 1000, permitted: bits("CAP_NET_RAW", "CAP_NET_ADMIN") });
  privileges.giveUp(configure("pcap { dev = eth0 } tcp { }"));
  expect(host.sockets.became).toEqual([[undefined, bits("CAP_NET_RAW")]]);
  expect(log.lines).toEqual([
    "info: runs as user 1000, keeps CAP_NET_RAW (pcap)",
    "warn: tcp { }: CAP_SYS_PTRACE is missing; it is needed to find the network namespaces of containers",
    "warn: tcp { }: CAP_SYS_ADMIN is missing; it is needed to query connections in the network namespaces of containers",
  ]);
});

test("root that cannot be given up ends the agent, capabilities that cannot do not", () => {
  const refuse = () => {
    throw new Error("EPERM: operation not permitted, capset");
  };
  const root = bed();
  Object.assign(root.host.sockets, { become: refuse });
  expect(() => root.privileges.giveUp(configure(""))).toThrow("root cannot be given up: EPERM");
  const other = bed({ uid: 1000, permitted: bits("CAP_NET_RAW", "CAP_NET_ADMIN") });
  Object.assign(other.host.sockets, { become: refuse });
  other.privileges.giveUp(configure(""));
  expect(other.log.lines[0]).toContain("warn: no capability is given up: EPERM");
  expect(other.privileges.lacks(configure("pcap { dev = eth0 }"))).toEqual([]);
});

test("root that may not change its user stays root with as little", () => {
  const { host, log, privileges } = bed({ permitted: bits("CAP_NET_RAW", "CAP_SYS_ADMIN") });
  privileges.giveUp(configure("pcap { dev = eth0 }"));
  expect(host.sockets.became).toEqual([[undefined, bits("CAP_NET_RAW")]]);
  expect(log.lines[0]).toBe("warn: the user stays root, for CAP_SETUID or CAP_SETGID is missing");
});

test("a block that comes later lacks what was given up, but not what was never there", () => {
  const given = bed({ permitted: bits("CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN") }).privileges;
  given.giveUp(configure(""));
  expect(given.lacks(configure(""))).toEqual([]);
  expect(given.lacks(configure("collector { ip = 192.0.2.2 namespace = blue }"))).toEqual([
    "collector { }: CAP_SYS_ADMIN was given up at the start, so it takes a restart; it is needed to enter the network namespace",
  ]);
  expect(given.lacks(configure("pcap { dev = eth0 }"))).toEqual([]);
  expect(given.lacks(configure(DOCKER)).at(-1)).toContain("the group of /no/such/socket was given up at the start");
});

test("who keeps root lacks nothing", () => {
  expect(bed().privileges.lacks(configure(`pcap { dev = eth0 } tcp { } ${DOCKER}`))).toEqual([]);
});
