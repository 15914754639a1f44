// Reload under traffic: what stays loses nothing, and nothing leaks. RELOADS=1000 for the long form.

import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { ask as request } from "../../agent/control/client.ts";
import { tryRun, until } from "./command.ts";
import { spread } from "./container-samples.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { flood } from "./flood.ts";
import { atOnce, connect, nobody } from "./namespaces.ts";
import { holes } from "./walk.ts";

/** The number of reloads after which the file is the same again. */
const ROUND = 12;
const RELOADS = Math.ceil(Number(process.env["RELOADS"] ?? 96) / ROUND) * ROUND;
const PACKETS_PER_SECOND = 50_000;

/**
 * Every reload changes the rate and, in turns, a second collector, tcp { }, polling, the header size, and an option
 * that needs another socket.
 */
const configuration = (port: number, second: number, step: number): string => `sflow {
  agentIP = 10.9.8.1
  polling = ${step % 4 === 1 ? 5 : 1}
  headerBytes = ${step % 5 === 2 ? 64 : 128}
  collector { ip = 127.0.0.1 udpport = ${port} }
  ${step % 2 === 1 ? `collector { ip = 127.0.0.1 udpport = ${second} }` : ""}
  ${step % 3 === 1 ? "tcp { }" : ""}
  pcap { dev = eth0 sampling = ${100 + (step % 7)} promisc = ${step % 6 === 4 ? "on" : "off"} }
}`;

test("hsflowd reload exits with the result of the reload", async ({ lab, startAgent }) => {
  const host = lab.namespace();
  const text = "sflow { agentIP = 127.0.0.1 collector { ip = 127.0.0.1 udpport = 9 } }";
  const agent = startAgent(host, text);
  const ask = () => tryRun(process.execPath, "dist/hsflowd.js", "reload", `--control-socket=${agent.controlSocket}`);
  await until("the control socket", () => ask().status === 0, { evidence: agent.stderr });
  writeFileSync(agent.configuration, text.replace("agentIP", "agntIP"));
  const refused = ask();
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('did you mean "agentIP"?');
  expect(refused.stderr).toContain("the previous configuration stays in force");
  rmSync(agent.configuration);
  expect(ask().stderr).toContain("no such file");
  writeFileSync(agent.configuration, text);
  expect(ask()).toMatchObject({ status: 0, stderr: "" });

  // Many requests at once are answered one after the other.
  const many = Array.from({ length: 20 }, () => {
    agent.kill("SIGHUP");
    return request(agent.controlSocket, "reload");
  });
  const answers = await Promise.all(many);
  expect(answers.every((answer) => answer.kind === "answer" && answer.value.ok)).toBe(true);
  await expectEnd(agent);
  expect(ask()).toMatchObject({ status: 1, stdout: "" });
});

test("SIGHUP during the start is handled after it", async ({ lab, startAgent }) => {
  const agent = startAgent(lab.namespace(), "sflow { agentIP = 127.0.0.1 collector { ip = 127.0.0.1 } }");
  await agent.says(/host uuid/);
  agent.kill("SIGHUP");
  await agent.says(/in force after/);
  await expectEnd(agent);
});

const taken = (text: string): string[] =>
  [...text.matchAll(/in force after ([0-9.]+) ms/g)].map(([, time = ""]) => time);
const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

test(`${RELOADS} reloads under ${PACKETS_PER_SECOND} packets a second: no gap, no loss, no descriptor left`, async ({
  lab,
  startAgent,
  startReceiver,
}) => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  const stays = await startReceiver(host);
  const comesAndGoes = await startReceiver(host);
  const [near, peer] = connect("eth0", [host, "10.9.8.1"], [far, "10.9.8.2"]);
  const text = (step: number): string => configuration(stays.port, comesAndGoes.port, step);
  const agent = startAgent(atOnce(host), text(0));
  await agent.taps(near.index);
  const reload = async (step: number): Promise<void> => {
    writeFileSync(agent.configuration, text(step));
    agent.kill("SIGHUP");
    await until(`reload ${step}`, () => taken(agent.stdout()).length >= step, { evidence: agent.stderr });
  };

  const seconds = Math.ceil(RELOADS * 0.04) + 2;
  const load = flood(far, {
    to: nobody(peer.address),
    packets: seconds * PACKETS_PER_SECOND,
    perSecond: PACKETS_PER_SECOND,
  });
  // The first round loads modules and makes buffers; after it nothing may grow.
  for (let step = 1; step <= ROUND; step++) await reload(step);
  const before = openFiles(agent.pid);
  for (let step = ROUND + 1; step <= RELOADS; step++) await reload(step);
  const after = openFiles(agent.pid);
  await load;
  await expectEnd(agent);

  const datagrams = stays.datagrams();
  const flows = datagrams.flatMap((datagram) => datagram.flows);
  expect(holes(datagrams.map(({ sequence }) => sequence))).toEqual([]);
  expect(holes(flows.map(({ sequence }) => sequence))).toEqual([]);
  expect(flows.every(({ drops }) => drops === 0)).toBe(true);
  expect(new Set(flows.map(({ rate }) => rate)).size).toBe(7);
  expect(comesAndGoes.datagrams().length).toBeGreaterThan(0);
  expect(after).toBe(before);

  const { p50, text: times } = spread(taken(agent.stdout()).map(Number));
  process.stdout.write(`reload, ms: ${times}; ${flows.length} samples\n`);
  expect(p50).toBeLessThan(50);
});
