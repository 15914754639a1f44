// An engine with malformed answers: each is counted and shown at -dd, and valid ones are used.

import { chmodSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { expect } from "vitest";
import { until } from "./command.ts";
import { test } from "./docker-fixture.ts";

const id = (digit: string) => digit.repeat(64);
const [VANISHED, GARBLED] = [id("a"), id("b")];
const UNKNOWN = 0xffffffff;

const server = createServer();

const event = (Action: string, ID: string) =>
  `${JSON.stringify({ Type: "container", Action, Actor: { ID, Attributes: { name: `named-${ID[0]}` } } })}\n`;

test("malformed answers and events are reported and counted, and have no other effect", async ({
  atEnd,
  folder,
  lab,
  watchEngine,
}) => {
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const path = folder.file("engine.sock");
  const streams: ServerResponse[] = [];
  const lists = ["<html>", JSON.stringify([{ Id: "../../etc" }])];
  server.on("request", ({ url = "" }, response) => {
    if (url.startsWith("/events")) {
      response.flushHeaders();
      streams.push(response);
    } else if (url === "/containers/json") response.end(lists.shift() ?? "[]");
    else if (url.includes(GARBLED)) response.end('{"Id":');
    else response.writeHead(404).end(JSON.stringify({ message: "No such container" }));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  chmodSync(path, 0o666);
  const engine = { host: lab.namespace(), address: `unix://${path}` };
  const { agent, samples, sample, stop } = await watchEngine(engine, { flags: ["-d"] });
  await agent.says(/the engine's answer is not a list of containers, trying again every second/);

  streams
    .at(-1)
    ?.write(`half a doc\n${event("start", "not hex")}${event("start", VANISHED)}${event("start", GARBLED)}`);
  await sample(VANISHED, "its last sample", ({ state }) => state === 4);
  expect(samples(VANISHED)).toMatchObject(
    [1, 4].map((state) => ({ hostname: "named-a", state, cpuTime: UNKNOWN, memory: undefined, traffic: undefined })),
  );
  await until("the failed inspect", () => agent.counters("docker")["inspectFailed"] === 1);
  streams.at(-1)?.write(event("die", GARBLED).slice(0, 30));
  streams.at(-1)?.destroy();
  await until("another subscription", () => streams.length === 3);
  streams.at(-1)?.write(event("die", GARBLED));
  await sample(GARBLED, "its last sample", ({ state }) => state === 4);

  expect(agent.counters("docker")).toMatchObject({ malformed: 3, inspectFailed: 1, unread: 2, running: 0, ended: 2 });
  const said = agent.stdout() + agent.stderr();
  for (const line of [
    'unusable answer from the engine, ignored: {"Id":"../../etc"}',
    "unusable answer from the engine, ignored: half a doc",
    'unusable answer from the engine, ignored: {"Type":"container","Action":"start","Actor":{"ID":"not hex"',
    `${VANISHED}: no cgroup found, so the container is reported without counters`,
    `${GARBLED}: inspect failed: the engine's answer lacks a valid container id or a name`,
  ]) {
    expect(said).toContain(line);
  }
  await stop();
});
