// SIGTERM while something hangs: the agent ends within two seconds, with its last samples sent and its numbers stored.

import { once } from "node:events";
import { chmodSync, mkdirSync, openSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { connect as connectTo, createServer } from "node:net";
import { expect } from "vitest";
import type { Agent } from "./agent.ts";
import { start } from "./child.ts";
import { run, sleep, tryRun } from "./command.ts";
import { test as base } from "./fixture.ts";
import { flood } from "./flood.ts";
import { behind, connect, here, nobody } from "./namespaces.ts";

const PACKETS = 5;
const LONGEST_MS = 2000;
/** Numbers of requests to a file system. See linux/fuse.h. */
const [STATFS, INIT] = [17, 26];

interface Hanging {
  /** Blocks in addition to a collector and `pcap { }`. */
  readonly blocks?: string;
  /** What is put in front of the agent's command line. */
  readonly before?: readonly string[];
  /** Called when the agent runs. */
  prepare?(agent: Agent): unknown;
}

const test = base
  .extend("host", { scope: "file" }, ({ lab }) => lab.namespace())
  /** Starts an agent that samples five packets, sends it SIGTERM, and expects a fast and orderly end. */
  .extend("endsInTime", { scope: "file" }, ({ folder, lab, host, startAgent, startReceiver }) => {
    const far = lab.namespace();
    const [near, peer] = connect("eth0", [host, "10.9.31.1"], [far, "10.9.31.2"]);
    return async ({ blocks = "", before = [], prepare }: Hanging) => {
      const receiver = await startReceiver(host);
      const state = folder.file(`${receiver.port}.state`);
      const collector = `collector { ip = 127.0.0.1 udpport = ${receiver.port} }`;
      const text = `sflow { agentIP = 10.9.31.1 polling = 1 ${collector} pcap { dev = eth0 sampling = 1 } ${blocks} }`;
      const agent = startAgent(behind(host, ...before), text, `--state-file=${state}`);
      await agent.taps(near.index);
      await prepare?.(agent);
      await flood(far, { to: nobody(peer.address), packets: PACKETS });
      const began = performance.now();
      const how = await agent.stop();
      expect(performance.now() - began, agent.stderr()).toBeLessThan(LONGEST_MS);
      expect(how, agent.stderr()).toEqual({ code: 0, signal: null });
      await sleep(50);
      const datagrams = receiver.datagrams();
      expect(datagrams.flatMap(({ flows }) => flows)).toHaveLength(PACKETS);
      const lines = readFileSync(state, "latin1").split("\n");
      const stream = lines.find((line) => line.includes("datagrams 100000")) ?? "{}";
      expect(JSON.parse(stream)).toMatchObject({ sequence: datagrams.at(-1)?.sequence });
    };
  })
  /** Opens a socket that accepts connections and says nothing. Returns a promise of the first connection. */
  .extend("silentSocket", { scope: "file" }, ({ atEnd }) => async (path: string) => {
    const server = createServer((socket) => socket.on("error", () => undefined).resume());
    await once(server.listen(path), "listening");
    chmodSync(path, 0o666);
    atEnd(() => server.close());
    return { connected: once(server, "connection") };
  });

test("a file system that never answers", async ({ endsInTime, folder, atEnd }) => {
  const [image, mountPoint] = [folder.file("disk"), folder.file("hung")];
  writeFileSync(image, "");
  truncateSync(image, 1 << 20);
  mkdirSync(mountPoint);
  const device = run("losetup", "-f", "--show", image).trim();
  atEnd(() => run("losetup", "-d", device));
  const server = start(here, [process.execPath, "test/e2e/hung-file-system.mjs", device, mountPoint]);
  atEnd(async () => {
    await server.stop();
    run("umount", mountPoint);
  });
  await server.says(new RegExp(`request ${INIT}\n`));
  await endsInTime({ prepare: () => server.says(new RegExp(`request ${STATFS}\n`)) });
});

test("a container engine that says nothing", async ({ endsInTime, silentSocket, folder }) => {
  const path = folder.file("engine.sock");
  const { connected } = await silentSocket(path);
  await endsInTime({ blocks: `docker { socket = ${path} }`, prepare: () => connected });
});

test("a system bus that says nothing", async ({ endsInTime, silentSocket, folder }) => {
  const path = folder.file("bus.sock");
  const { connected } = await silentSocket(path);
  const before = ["env", `DBUS_SYSTEM_BUS_ADDRESS=unix:path=${path}`];
  await endsInTime({ blocks: "systemd { }", before, prepare: () => connected });
});

test("a name server that says nothing", async ({ endsInTime, host, startAgent, atEnd }) => {
  const folder = `/etc/netns/${host.name}`;
  mkdirSync(folder, { recursive: true });
  atEnd(() => {
    tryRun("rm", "-r", folder);
    tryRun("rmdir", "/etc/netns");
  });
  writeFileSync(`${folder}/resolv.conf`, `nameserver ${nobody("10.9.31.2")}\noptions timeout:30\n`);
  await endsInTime({ blocks: "collector { ip = collector.example.net }" });

  const starting = startAgent(host, "sflow { agentIP = agent.example.net collector { ip = 127.0.0.1 } }");
  await starting.says(/host uuid/);
  const began = performance.now();
  expect(await starting.stop()).toEqual({ code: 0, signal: null });
  expect(performance.now() - began).toBeLessThan(LONGEST_MS);
});

test("a client of the control socket that says nothing", async ({ endsInTime, atEnd }) => {
  await endsInTime({
    async prepare({ controlSocket }) {
      const client = connectTo(controlSocket);
      atEnd(() => client.destroy());
      await once(client, "connect");
    },
  });
});

test("a log that no one reads", async ({ endsInTime, folder }) => {
  const pipe = folder.file("log");
  run("mkfifo", "-m", "666", pipe);
  openSync(pipe, "r+");
  await endsInTime({
    before: ["sh", "-c", `case "$2" in *hsflowd.js) exec > ${pipe} 2>&1;; esac; exec "$@"`, "sh"],
    async prepare(agent) {
      for (let i = 0; i < 100; i++) {
        agent.kill("SIGUSR1");
        await sleep(5);
      }
    },
  });
});
