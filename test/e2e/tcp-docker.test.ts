// A container of a real engine: its connection on docker0 has the figures that ss shows in the container's namespace.

import { expect } from "vitest";
import { run, sleep, until } from "./command.ts";
import { IMAGE } from "./docker-engine.ts";
import { test } from "./docker-fixture.ts";
import { ssInfo } from "./ss.ts";
import { tcpSamples } from "./tcp-samples.ts";
import { sampled, served } from "./tcp-talk.ts";

const GATEWAY = "172.17.0.1";
/** Sends 50,000 octets, and then nothing. */
const TALK = `(dd if=/dev/zero bs=1000 count=50 2>/dev/null; sleep 600) | nc ${GATEWAY} 7000`;

test("a container's connection has its figures on docker0", async ({ folder, startEngine }) => {
  const engine = await startEngine();
  const { docker, host } = engine;
  const { agent, receiver } = await sampled(host, folder, { address: GATEWAY, devices: ["docker0"] });
  const server = await served(host, GATEWAY);
  const container = await docker.createContainer({ Image: IMAGE, Cmd: ["sh", "-c", `sleep 1; ${TALK}`] });
  await container.start();
  const { State, NetworkSettings } = await container.inspect();
  const local = NetworkSettings.IPAddress;
  const inside = (...words: string[]) => run("nsenter", `--target=${State.Pid}`, "--net", ...words);
  await until("50,000 octets on their way", () => inside("ss", "-tinHO").includes("bytes_acked:50001"));
  await sleep(300);
  const ss = inside("ss", "-tinHO");
  await agent.stop();
  await server.stop();
  const samples = tcpSamples(receiver.datagrams()).filter(({ info }) => info !== undefined);
  const sent = samples.filter(({ source }) => source.startsWith(`${local}:`));
  const received = samples.filter(({ destination }) => destination.startsWith(`${local}:`));
  expect(new Set(sent.map(({ info }) => info?.["dir"]))).toEqual(new Set([2]));
  expect(new Set(received.map(({ info }) => info?.["dir"]))).toEqual(new Set([1]));
  const { dir: _, ...figures } = samples.sort((a, b) => a.taken - b.taken).at(-1)?.info ?? {};
  expect(figures).toEqual(ssInfo(ss));
});
