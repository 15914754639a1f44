// Answers of an engine that are no answers: each rejects its request, or ends its stream. An exception outside of these
// would fail the whole run of the tests.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askHttpServer } from "../../../agent/host/linux-http.ts";
import { WorkQueue } from "../../../agent/host/work-queue.ts";
import { DockerEngine } from "../../../agent/modules/docker/engine.ts";
import { makeFakeClock } from "../../fakes/clock.ts";
import { seededRandom } from "../../seeded-random.ts";
import { id } from "./world.ts";

const ID = id("a");
let folder: string;
let server: Server;
let path: string;
let elsewhere: Server;
let visits = 0;
let answer: (socket: Socket) => void;

const listen = (made: Server, at: string): Promise<void> => new Promise((resolve) => made.listen(at, resolve));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hsflowd-hostile-"));
  path = join(folder, "engine.sock");
  server = createServer((socket) => {
    socket.on("error", () => undefined).once("data", () => answer(socket));
  });
  await listen(server, path);
  elsewhere = createServer((socket) => {
    visits++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
});

afterAll(() => {
  for (const made of [server, elsewhere]) made.close();
  rmSync(folder, { recursive: true });
});

const head = (status: string, ...headers: string[]): string =>
  `${[`HTTP/1.1 ${status}`, ...headers].join("\r\n")}\r\n\r\n`;
const sends =
  (...parts: (string | Uint8Array)[]) =>
  (socket: Socket): void => {
    for (const part of parts) socket.write(part);
    socket.end();
  };
const redirect = (status: number, to: string) => sends(head(`${status} Go`, `Location: ${to}`, "Content-Length: 0"));

/** Writes as fast as the other end reads, until it closes the connection. */
const endless =
  (first: string, part: string) =>
  (socket: Socket): void => {
    socket.write(first);
    const more = (): void => {
      while (socket.writable && socket.write(part));
    };
    socket.on("drain", more);
    more();
  };

/** Asks for a list, a container and events, which it stops after a while. Returns how each ended. Time passes fast. */
async function askAll(at = path): Promise<string[]> {
  const clock = makeFakeClock();
  const address = { shown: "unix", path: at, host: "", port: 0 };
  const after = (milliseconds: number, callback: () => void) => {
    const timer = setTimeout(callback, milliseconds);
    return { cancel: () => clearTimeout(timer) };
  };
  const queue = new WorkQueue({ uptime: () => performance.now(), after });
  const engine = new DockerEngine(address, { clock, askHttpServer }, queue, () => undefined);
  const outcome = (question: Promise<unknown>): Promise<string> =>
    question.then(
      () => "answered",
      (error: unknown) => (error instanceof Error ? error.message : "no error"),
    );
  const stream = engine
    .events(0, () => undefined)
    .then(({ ended, close }) => {
      setTimeout(close, 50);
      return ended;
    });
  const all = Promise.all([engine.list(), engine.inspect(ID), stream].map(outcome));
  const passing = setInterval(() => clock.advance(1), 20);
  try {
    return await all;
  } finally {
    clearInterval(passing);
    engine.close();
  }
}

const port = (): string => `127.0.0.1:${(elsewhere.address() as { port: number }).port}`;

describe("a redirect", () => {
  it.each([301, 302, 303, 307, 308])("with status %i is followed nowhere", async (status) => {
    for (const to of [
      `http://${port()}/`,
      `https://${port()}/`,
      `//${port()}/x`,
      "/containers/json",
      "http://[",
      "x:",
      "",
    ]) {
      answer = redirect(status, to);
      const reason = `HTTP status ${status}: a redirect, which is not followed`;
      expect(await askAll()).toEqual([reason, reason, reason]);
    }
    expect(visits).toBe(0);
  });
});

const ok = (...headers: string[]): string => head("200 OK", ...headers);
const chunked = ok("Transfer-Encoding: chunked");

it.each<[string, (socket: Socket) => void]>([
  ["nothing", (socket) => void socket.end()],
  ["an abrupt close", (socket) => void socket.destroy()],
  ["a TLS alert", sends(Uint8Array.of(0x15, 3, 1, 0, 2, 2, 70))],
  ["text that is not HTTP", sends("SSH-2.0-OpenSSH_9.2\r\n")],
  ["HTTP/2", sends(Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0))],
  ["an upgrade", sends(head("101 Switching Protocols", "Connection: Upgrade", "Upgrade: tcp"), "bytes")],
  ["an upgrade in an answer", sends(head("200 OK", "Connection: Upgrade", "Upgrade: h2c"), "[]")],
  ["interim answers without end", endless("", head("100 Continue"))],
  ["early hints, then nothing", sends(head("103 Early Hints", "Link: </x>"))],
  ["headers without end", endless("HTTP/1.1 200 OK\r\n", "X-More: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n")],
  ["a huge header", sends(ok(`X-Big: ${"a".repeat(1 << 20)}`), "[]")],
  ["an unfinished head", sends("HTTP/1.1 200 OK\r\nContent-Len")],
  ["a broken chunk", sends(chunked, "4\r\n[{}]\r\nzz\r\n")],
  ["a chunk of a huge size", sends(chunked, "ffffffffffffffff\r\n[")],
  ["an unfinished chunk", sends(chunked, "ff\r\n[{")],
  ["a length that is too long", sends(ok("Content-Length: 1000"), "[")],
  ["a negative length", sends(ok("Content-Length: -1"), "[]")],
  ["two lengths", sends(ok("Content-Length: 2", "Content-Length: 3"), "[]")],
  ["a length and chunks", sends(ok("Content-Length: 2", "Transfer-Encoding: chunked"), "2\r\n[]\r\n0\r\n\r\n")],
  ["a body of null", sends(ok("Content-Length: 4"), "null")],
  ["an error with a body of null", sends(head("500 No", "Content-Length: 4"), "null")],
  ["an error without end", endless(head("500 No"), "x".repeat(65_536))],
  ["an error that is cut off", sends(head("404 No", "Content-Length: 50"), '{"message')],
  ["a status without a body", sends(head("204 No Content"))],
  ["an unknown status", sends(head("999 ?", "Content-Length: 0"))],
  ["a deeply nested body", sends(ok(), "[".repeat(200_000))],
  ["a deeply nested element", sends(ok(), `[{"Id":${"[".repeat(200_000)}${"]".repeat(200_000)}}]`)],
  ["a number beyond all bounds", sends(ok(), `[{"Id":1e999,"Names":[1e999]},{"Id":"${ID}","Names":[{}],"State":7}]`)],
  ["keys of every object", sends(ok(), '[{"__proto__":{"Id":"x"},"constructor":1,"toString":2}]')],
  [
    "bytes that are no text",
    sends(
      ok(),
      Uint8Array.from({ length: 256 }, (_, i) => i),
    ),
  ],
  ["an element without end", endless(ok(), "[{".padEnd(65_536, '"a'))],
  ["a list without end", endless(`${ok()}[`, `{"Id":"${ID}"},`.repeat(800))],
  ["bad elements without end", endless(`${ok()}[`, "{},".repeat(20_000))],
  ["empty elements without end", endless(`${ok()}[`, ",".repeat(65_536))],
])("%s: each request ends", async (_, given) => {
  answer = given;
  const outcomes = await askAll();
  expect(outcomes.filter((outcome) => outcome === "no error")).toEqual([]);
});

it("random changes of an answer: each request ends", async () => {
  const random = seededRandom(Number(process.env["SEED"] ?? 1));
  const body = JSON.stringify([{ Id: ID, Names: ["/web"], State: "running" }, { Id: ID }]);
  const whole = Buffer.from(`${ok("Content-Type: application/json", `Content-Length: ${body.length}`)}${body}`);
  for (let i = 0; i < Number(process.env["ROUNDS"] ?? 60); i++) {
    const bytes = Buffer.from(whole);
    for (let change = random.below(4); change >= 0; change--) bytes[random.below(bytes.length)] = random.below(256);
    const cut = random.below(3) === 0 ? random.below(bytes.length) : bytes.length;
    answer = sends(bytes.subarray(0, cut));
    const outcomes = await askAll();
    expect(outcomes, bytes.toString("latin1")).toHaveLength(3);
  }
}, 60_000);

it("an engine that does not exist rejects each request", async () => {
  const outcomes = await askAll(join(folder, "none.sock"));
  expect(outcomes.every((outcome) => outcome.includes("ENOENT"))).toBe(true);
});
