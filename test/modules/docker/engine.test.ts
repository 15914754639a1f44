// Requests to an engine whose answers are complete, cut off, wrong, late or missing.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askHttpServer } from "../../../agent/host/linux-http.ts";
import { WorkQueue } from "../../../agent/host/work-queue.ts";
import type { LifecycleEvent } from "../../../agent/modules/docker/answers.ts";
import { DockerEngine, type Engine } from "../../../agent/modules/docker/engine.ts";
import { type FakeClock, makeFakeClock } from "../../fakes/clock.ts";
import { id } from "./world.ts";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const A = id("a");
let folder: string;
let server: Server;
let clock: FakeClock;
let engine: Engine;
let answer: Answer;
let asked: string[];
let bad: string[];
let closed: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hsflowd-engine-"));
  const path = join(folder, "engine.sock");
  asked = [];
  bad = [];
  closed = 0;
  server = createServer((request, response) => {
    asked.push(decodeURIComponent(request.url ?? ""));
    response.on("close", () => closed++);
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  clock = makeFakeClock();
  const host = { clock, askHttpServer };
  const onBad = (what: string) => bad.push(what);
  engine = new DockerEngine({ shown: `unix://${path}`, path, host: "", port: 0 }, host, new WorkQueue(clock), onBad);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const json =
  (value: unknown, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(value));
  };
/** Announces 1,000 bytes, sends 8 and closes the connection. */
const half: Answer = (response) => {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
  response.write('[{"Id":"');
  setImmediate(() => response.destroy());
};
const never: Answer = () => undefined;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Returns the outcome of a request that only the timeout ends. */
async function afterDeadline(question: Promise<unknown>): Promise<unknown> {
  const outcome = question.then(
    () => "answered",
    (error: Error) => error.message,
  );
  await until(() => asked.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  clock.advance(10);
  return outcome;
}

describe("a list", () => {
  it("is read without the entries that have no valid container id", async () => {
    answer = json([{ Id: A, Names: ["/web"], State: "running" }, { Id: "../../etc" }, null]);
    expect(await engine.list()).toEqual({ containers: [{ id: A, name: "web", state: "running" }], cut: false });
    expect(asked).toEqual(["/containers/json"]);
    expect(bad).toEqual(['{"Id":"../../etc"}', "null"]);
  });

  it.each([
    ["an object", json({ message: "no" }), "the engine's answer is not a list of containers"],
    [
      "text",
      ((response) => response.end("<html>")) satisfies Answer,
      "the engine's answer is not a list of containers",
    ],
    ["an error message", json({ message: "client version 1.24 is too old" }, 400), /client version 1.24 is too old/],
  ])("that is %s is rejected", async (_, given, message) => {
    answer = given;
    await expect(engine.list()).rejects.toThrow(message);
  });

  it.each([
    ["is cut off", half],
    ["never comes", never],
  ])("that %s ends at the timeout, which closes the connection", async (_, given) => {
    answer = given;
    expect(await afterDeadline(engine.list())).toMatch(/does not answer|aborted/);
    await until(() => closed === 1);
    expect(clock.timers).toBe(0);
  });
});

it("returns exited containers that started after a given time, without those that cannot be inspected", async () => {
  const ids = ["a", "b", "c", "d", "e"].map(id);
  const [long, before, never, vanished, refused] = ids;
  const began: Record<string, string> = {
    [`${long}`]: "2026-01-01T00:00:02.5Z",
    [`${before}`]: "2026-01-01T00:00:00Z",
    [`${never}`]: "0001-01-01T00:00:00Z",
  };
  answer = (response, request) => {
    if (request.url?.startsWith("/containers/json")) return json(ids.map((Id) => ({ Id })))(response, request);
    const Id = request.url?.split("/")[2] ?? "";
    if (Id === vanished) return json({ message: "gone" }, 404)(response, request);
    if (Id === refused) return json({ message: "on fire" }, 500)(response, request);
    json({ Id, Name: "/web", State: { Status: "exited", StartedAt: began[Id] } })(response, request);
  };
  const since = Date.parse("2026-01-01T00:00:01Z") / 1000;
  expect(await engine.ended(since)).toMatchObject([{ id: long, startedAt: since + 1.5 }]);
  expect(asked[0]).toBe('/containers/json?all=true&filters={"status":["exited"]}');
  expect(bad).toEqual([expect.stringMatching(`${refused}: .*on fire`)]);
});

describe("an inspect", () => {
  it("returns the facts of a container", async () => {
    answer = json({ Id: A, Name: "/web", State: { Pid: 7, Status: "running" }, HostConfig: { NanoCpus: 1.5e9 } });
    expect(await engine.inspect(A)).toEqual({
      id: A,
      name: "web",
      hostname: "web",
      pid: 7,
      state: "running",
      cpus: 2,
      startedAt: undefined,
    });
  });

  it("of a container that was removed returns undefined", async () => {
    answer = json({ message: `No such container: ${A}` }, 404);
    expect(await engine.inspect(A)).toBeUndefined();
  });

  it.each([
    ["has no container id", json({ Name: "/web" })],
    ["has an invalid container id", json({ Id: "XYZ", Name: "/web" })],
    ["is empty", ((response) => response.end()) satisfies Answer],
    ["fails", json({ message: "on fire" }, 500)],
  ])("whose answer %s is rejected", async (_, given) => {
    answer = given;
    await expect(engine.inspect(A)).rejects.toThrow();
  });

  it("whose answer is cut off ends at the timeout", async () => {
    answer = half;
    expect(await afterDeadline(engine.inspect(A))).toMatch(/does not answer|aborted/);
  });

  it("waits while eight others are in progress", async () => {
    const waiting: ServerResponse[] = [];
    answer = (response) => void waiting.push(response);
    const all = Promise.all(Array.from({ length: 20 }, () => engine.inspect(A)));
    for (const count of [8, 16, 20]) {
      await until(() => asked.length === count);
      for (const response of waiting.splice(0)) json({ message: "gone" }, 404)(response, {} as IncomingMessage);
    }
    expect(new Set(await all)).toEqual(new Set([undefined]));
  });
});

describe("events", () => {
  const event = (more: object) =>
    `${JSON.stringify({ Type: "container", Action: "start", Actor: { ID: A }, ...more })}\n`;

  async function subscribe() {
    let stream: ServerResponse | undefined;
    answer = (response) => {
      response.writeHead(200).flushHeaders();
      stream = response;
    };
    const events: LifecycleEvent[] = [];
    const subscription = await engine.events(1.5, (one) => events.push(one));
    return { ...subscription, events, stream: stream as ServerResponse };
  }

  it("are requested from a given time on, and may be split into chunks anywhere", async () => {
    const { stream, events, close } = await subscribe();
    expect(asked[0]).toMatch(/^\/events\?.*since=1.5/);
    const text = event({}) + event({ Action: "die" });
    stream.write(text.slice(0, 90));
    await new Promise((resolve) => setTimeout(resolve, 5));
    stream.write(text.slice(90));
    await until(() => events.length === 2);
    expect(events.map(({ action, id: whose }) => [action, whose])).toEqual([
      ["start", A],
      ["die", A],
    ]);
    close();
    await until(() => closed === 1);
  });

  it("that are unusable are passed to onBad unchanged, and later events are read", async () => {
    const { stream, events } = await subscribe();
    const wrong = ["half a doc", '{"Type":"container"', event({ Actor: { ID: "not hex" } }).trim(), "[]"];
    stream.write(`${wrong.join("\n")}\n\n${event({})}`);
    await until(() => events.length === 1);
    expect(bad).toEqual(wrong);
  });

  it.each([
    ["ends", (stream: ServerResponse) => void stream.end()],
    ["is cut off", (stream: ServerResponse) => void stream.destroy()],
  ])("end when the stream %s", async (_, end) => {
    const { stream, ended, events } = await subscribe();
    stream.write(event({}) + event({}).slice(0, 20));
    await until(() => events.length === 1);
    end(stream);
    await ended;
    expect(events).toHaveLength(1);
  });

  it("of an engine that does not accept the subscription end at the timeout", async () => {
    answer = never;
    expect(await afterDeadline(engine.events(0, () => undefined))).toBe("the engine does not answer");
    await until(() => closed === 1);
  });
});
