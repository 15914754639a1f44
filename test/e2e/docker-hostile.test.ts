// Engines that redirect, are silent, or have lists without measure: the agent neither ends, nor stops, nor grows.

import { chmodSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createSilent } from "node:net";
import { expect } from "vitest";
import { until } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { test as base } from "./fixture.ts";
import { atOnce } from "./namespaces.ts";
import { longest, measured } from "./turns.ts";

const MANY = 40_000;
/** Starts an agent that follows the engine at a unix socket, and measures the turns of its event loop. */
const test = base.extend("follow", { scope: "file" }, ({ folder, lab, startAgent }) => (path: string) => {
  chmodSync(path, 0o666);
  return measured(`${path}.turns`, () =>
    startAgent(
      atOnce(lab.namespace()),
      `sflow {
        agentIP = 127.0.0.1
        polling = 20
        collector { ip = 127.0.0.1 }
        docker { socket = unix://${path} }
      }`,
      `--state-file=${folder.file("hostile.state")}`,
    ),
  );
});

/** Listens at a unix socket. Returns its path. */
async function engine(
  file: (name: string) => string,
  atEnd: (cleanup: () => unknown) => void,
  answer: RequestListener,
) {
  const path = file(`${Math.random().toString(36).slice(2)}.sock`);
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return path;
}

test("a redirect is reported, and the agent goes on", async ({ atEnd, folder, follow }) => {
  let asked = 0;
  const path = await engine(folder.file, atEnd, (_, response) => {
    asked++;
    response.writeHead(301, { Location: "https://127.0.0.1:1/events" }).end();
  });
  const { agent } = follow(path);
  await agent.says(/HTTP status 301: a redirect, which is not followed, trying again every second/);
  await until("another request", () => asked >= 3);
  expect(agent.ended()).toBeUndefined();
  await expectEnd(agent);
});

test("a stop does not wait for an engine that is silent", async ({ atEnd, folder, follow }) => {
  const path = folder.file("silent.sock");
  let connections = 0;
  const silent = createSilent(() => connections++);
  await new Promise<void>((resolve) => silent.listen(path, resolve));
  atEnd(() => silent.close());
  const { agent } = follow(path);
  await until("a request", () => connections > 0);
  const began = performance.now();
  await expectEnd(agent);
  expect(performance.now() - began).toBeLessThan(2000);
});

const id = (i: number): string => i.toString(16).padStart(8, "0").repeat(8);
const entry = (i: number): string =>
  JSON.stringify({ Id: id(i), Names: [`/n${i}`], Labels: { text: "x".repeat(600) } });

test(`a list of ${MANY} containers takes no long turn of the event loop`, async ({ atEnd, folder, follow }) => {
  const list = `[${Array.from({ length: MANY }, (_, i) => entry(i + 1)).join(",")}]`;
  let began = 0;
  let inspected = 0;
  const path = await engine(folder.file, atEnd, ({ url = "" }, response) => {
    if (url.startsWith("/events")) response.flushHeaders();
    else if (url.startsWith("/containers/json")) {
      began = Date.now();
      response.end(list);
    } else {
      inspected++;
      response.writeHead(404).end(JSON.stringify({ message: "No such container" }));
    }
  });
  const { agent, turns } = follow(path);
  await until("thousands of inspects", () => inspected > 8000, { seconds: 60 });
  expect(agent.counters("docker")).toMatchObject({ found: MANY, lists: 1 });
  const measured = turns(began);
  process.stdout.write(`    longest turn ${longest(measured)} ms, ${measured.at(-1)?.megabytes} MB resident\n`);
  // 16 to 20 ms where nothing else runs; it was 14 s. Garbage collection varies.
  expect(longest(measured)).toBeLessThan(40);
  await expectEnd(agent);
}, 120_000);

test("a list without end is cut, and takes little memory", async ({ atEnd, folder, follow }) => {
  let closed = false;
  const path = await engine(folder.file, atEnd, ({ url = "" }, response) => {
    if (url.startsWith("/events")) response.flushHeaders();
    else if (url !== "/containers/json") response.writeHead(404).end();
    else {
      let i = 0;
      const more = (): void => {
        while (response.writable && response.write(`${entry(++i)},`));
      };
      response.on("close", () => {
        closed = true;
      });
      response.on("drain", more).write("[");
      more();
    }
  });
  const { agent, turns } = follow(path);
  await agent.says(/only 50000 containers of the engine's list are read/);
  await until("the end of the answer", () => closed);
  expect(Math.max(...turns().map(({ megabytes }) => megabytes))).toBeLessThan(400);
  await expectEnd(agent);
}, 60_000);
