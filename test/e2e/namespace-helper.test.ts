// hsflowd-namespaces as root has started it, and an agent without the capabilities to enter network namespaces: what
// works, what is reported once the helper is gone, and requests that no agent sends.

import { chmodSync, chownSync, closeSync, openSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { afterEach, describe, expect } from "vitest";
import type { Status } from "../../agent/report/agent-status.ts";
import { unixAddress } from "../../agent/sockets/socket-address.ts";
import { loadShim } from "../../native-shim/load.ts";
import type { Agent } from "./agent.ts";
import { type Child, start } from "./child.ts";
import { run, tryRun, until } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { behind, connect, here } from "./namespaces.ts";
import { NET_RAW, nobodyWith, rightsOf } from "./threads.ts";

const SOCKET = "/run/hsflowd-namespaces.socket";
const NOBODY = 65534;
const HELPER_USER = 65533;

const CAPABILITIES = ["--bounding-set", "--inh-caps", "--ambient-caps"];
const as = (user: number, capabilities: string) => [
  ...["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups", "--no-new-privs"],
  ...CAPABILITIES.map((set) => `${set}=-all,${capabilities}`),
];

const helpers: Child[] = [];

afterEach(async () => {
  for (const helper of helpers.splice(0)) await helper.stop();
  rmSync(SOCKET, { force: true });
});

/** Starts the helper with its two capabilities, and its socket for the user `owner`. */
async function startHelper(owner: number): Promise<Child> {
  const words = [...as(HELPER_USER, "+sys_ptrace,+sys_admin"), "dist/hsflowd-namespaces"];
  const helper = start(here, ["systemd-socket-activate", "--seqpacket", "-l", SOCKET, ...words]);
  helpers.push(helper);
  await helper.says(/Listening on/);
  chownSync(SOCKET, owner, 0);
  chmodSync(SOCKET, 0o600);
  return helper;
}

const ask = (agent: Agent, command: string, ...flags: string[]) =>
  tryRun(process.execPath, "dist/hsflowd.js", command, `--control-socket=${agent.controlSocket}`, ...flags);
const statusOf = (agent: Agent): Status => JSON.parse(ask(agent, "status", "--format=json").stdout);
/** The namespaces of lookups; none while the agent starts. */
const lookedUp = (agent: Agent) => {
  const { modules = [] } = statusOf(agent) as Partial<Status>;
  return JSON.stringify(modules.flatMap(({ report }) => report.lookups ?? []));
};
const faultsOf = (agent: Agent) => statusOf(agent).faults?.map(({ code }) => code) ?? [];

test("an agent with CAP_NET_RAW enters namespaces by the helper, reports its end, and uses the next one", async ({
  folder,
  lab,
  startAgent,
}) => {
  // For the control socket, which the agent makes as this user.
  chmodSync(folder.path, 0o777);
  const helper = await startHelper(NOBODY);
  const [host, first, second] = [lab.namespace(), lab.namespace(), lab.namespace()];
  connect("eth0", [host, "10.9.61.1"], [first, "10.9.61.2"]);
  const text = `sflow { agentIP = 10.9.61.1 collector { ip = 10.9.61.1 namespace = ${first.path} }
    pcap { dev = eth0 sampling = 1 } tcp { } docker { } }`;
  const agent = startAgent(behind(host, ...as(NOBODY, "+net_raw")), text, "-o", "/nowhere/hsflowd.auto");
  await agent.says(/keeps CAP_NET_RAW \(.*\), has hsflowd-namespaces for CAP_SYS_ADMIN/);
  await agent.says(new RegExp(`collector: sending to 10.9.61.1:6343 from network namespace ${first.path}`));
  await until("the first namespace", () => lookedUp(agent).includes(first.path), { evidence: () => lookedUp(agent) });
  expect(rightsOf(agent.pid)).toEqual([nobodyWith(NET_RAW)]);
  expect(statusOf(agent).confinement).toMatchObject({ files: true });
  expect(statusOf(agent).confinement?.note).toBeUndefined();
  expect(faultsOf(agent)).toEqual([]);

  helper.kill("SIGKILL");
  await helper.end;
  connect("eth1", [host, "10.9.62.1"], [second, "10.9.62.2"]);
  await until("a fault", () => faultsOf(agent).includes("NO_HELPER"));
  expect(ask(agent, "doctor", "-f", agent.configuration).stdout).toContain("hsflowd-namespaces.socket is not running");

  rmSync(SOCKET);
  await startHelper(NOBODY);
  await until("the second namespace", () => lookedUp(agent).includes(second.path), { seconds: 30 });
  await expectEnd(agent);
}, 60_000);

describe("a request that no agent sends", () => {
  const shim = loadShim();
  const [AF_UNIX, AF_INET, AF_NETLINK, AF_PACKET] = [1, 2, 16, 17];
  const [SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET] = [2, 3, 5];
  const { EACCES, EINVAL, ENOENT } = constants.errno;

  function connected(): number {
    const fd = shim.socket(AF_UNIX, SOCK_SEQPACKET, 0);
    shim.connect(fd, unixAddress(SOCKET));
    return fd;
  }

  /** Sends the bytes on a new connection. Returns the error of the answer, or the code of the connection's. */
  function errorOf(bytes: Uint8Array, path?: string): unknown {
    const [fd, answer] = [connected(), new Uint8Array(36)];
    const passed = path === undefined ? undefined : openSync(path, "r");
    try {
      const found = shim.exchange(fd, bytes, answer, 5_000, passed);
      if (found !== undefined) shim.close(found);
      return new Int32Array(answer.buffer)[0];
    } catch (error) {
      return (error as { code?: unknown }).code;
    } finally {
      shim.close(fd);
      if (passed !== undefined) closeSync(passed);
    }
  }

  const words = (...values: number[]) => new Uint8Array(Int32Array.from(values).buffer);

  test("gets an error or ends its connection, and leaves nothing behind in the helper", async () => {
    const helper = await startHelper(0);
    const own = process.pid;
    expect(errorOf(words(own, AF_INET, SOCK_DGRAM, 0))).toBe(0);
    const open = () => readdirSync(`/proc/${helper.pid}/fd`).length;
    const before = open();
    const namespace = readlinkSync(`/proc/${helper.pid}/ns/net`);
    for (let round = 0; round < 50; round++) {
      for (const length of [1, 15, 17, 4096]) expect(errorOf(new Uint8Array(length))).toBe("ECONNRESET");
      expect(errorOf(words(0, 0, 0, 0))).toBe(EINVAL);
      expect(errorOf(words(-1, AF_INET, SOCK_DGRAM, 0))).toBe(EINVAL);
      expect(errorOf(words(own, AF_INET, SOCK_DGRAM, 0), "/proc/self/ns/net")).toBe(EINVAL);
      expect(errorOf(words(2 ** 31 - 1, AF_INET, SOCK_DGRAM, 0))).toBe(ENOENT);
      for (const [family, type, protocol] of [
        [AF_PACKET, SOCK_RAW, 0x300],
        [AF_INET, SOCK_RAW, 1],
        [AF_INET, 1, 0],
        [AF_NETLINK, SOCK_RAW, 9],
        [AF_UNIX, SOCK_DGRAM, 0],
        [0, SOCK_DGRAM, 0],
        [AF_INET, SOCK_DGRAM | 0x10000, 0],
      ] as const)
        expect([family, errorOf(words(0, family, type, protocol), "/proc/self/ns/net")]).toEqual([family, EACCES]);
      for (const path of ["/etc/passwd", "/proc/self/ns/mnt", "/proc/self/ns/user", "/dev/null", "/"])
        expect([path, errorOf(words(0, AF_INET, SOCK_DGRAM, 0), path)]).toEqual([path, EINVAL]);
    }
    expect(errorOf(words(own, AF_INET, SOCK_DGRAM, 0))).toBe(0);
    await until("closed connections", () => open() <= before);
    expect(readlinkSync(`/proc/${helper.pid}/ns/net`)).toBe(namespace);
  }, 30_000);

  const PYTHON = "/usr/bin/python3";
  const CLIENT = `import socket, sys, array
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect("${SOCKET}")
fds = array.array("i", [s.fileno()] * int(sys.argv[1]))
try:
    s.sendmsg([bytes(16)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)] if fds else [])
    print(len(s.recv(100)))
except OSError as error: print(type(error).__name__)`;

  test("is not read from another user, also if the socket's mode lets it connect, nor with several descriptors", async () => {
    const helper = await startHelper(0);
    const other = as(NOBODY, "+net_raw");
    const [command = "", ...rest] = other;
    expect(run(PYTHON, "-c", CLIENT, "0").trim()).toBe("36");
    expect(tryRun(command, ...rest, PYTHON, "-c", CLIENT, "0").stderr).toContain("PermissionError");
    chmodSync(SOCKET, 0o666);
    expect(run(command, ...rest, PYTHON, "-c", CLIENT, "0").trim()).toMatch(
      /^(0|BrokenPipeError|ConnectionResetError)$/,
    );
    for (const count of ["2", "100"])
      expect(run(PYTHON, "-c", CLIENT, count).trim()).toMatch(/^(0|ConnectionResetError)$/);
    expect(run(PYTHON, "-c", CLIENT, "0").trim()).toBe("36");
    expect(readFileSync(`/proc/${helper.pid}/status`, "utf8")).toMatch(/^CapEff:\t0000000000280000$/m);
  });
});
