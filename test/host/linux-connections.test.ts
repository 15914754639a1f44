// Slow clients lose their connection, and never keep others out.

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Connections } from "../../agent/host/linux-connections.ts";
import { servePage } from "../../agent/host/linux-page.ts";

let folder = "";
const ends: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hsflowd-slow-"));
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  rmSync(folder, { recursive: true, force: true });
});

/** A server whose connections the test moves between their states. */
async function open(deadline: number) {
  const connections = new Connections(deadline);
  const accepted: Socket[] = [];
  const path = join(folder, "sock");
  const server = createServer((socket) => {
    accepted.push(socket.resume());
    connections.add(socket);
  }).listen(path);
  await once(server, "listening");
  ends.push(() => server.close());
  const dial = async (): Promise<Socket> => {
    const count = accepted.length;
    const socket = connect(path);
    socket.on("error", () => undefined);
    ends.push(() => socket.destroy());
    while (accepted.length === count) await new Promise((resolve) => setImmediate(resolve));
    return socket.resume();
  };
  return { connections, accepted, dial };
}

it("a client that sends a byte now and then has no more time than a silent one", async () => {
  const { dial } = await open(100);
  const socket = await dial();
  const trickle = setInterval(() => socket.write(" "), 20);
  const began = performance.now();
  await new Promise((resolve) => socket.once("close", resolve));
  clearInterval(trickle);
  expect(performance.now() - began).toBeLessThan(2000);
});

it("the 33rd client ends the one that has waited longest, and no answer that is being made", async () => {
  const { connections, accepted, dial } = await open(60_000);
  for (let i = 0; i < 32; i++) await dial();
  connections.answer(accepted[0] as Socket);
  await dial();
  const isOpen = () => accepted.map((socket) => !socket.destroyed);
  expect(isOpen().flatMap((open, i) => (open ? [] : [i]))).toEqual([1]);
  connections.wait(accepted[0] as Socket);
  for (let i = 0; i < 31; i++) await dial();
  expect(isOpen().filter(Boolean)).toHaveLength(32);
  expect(isOpen()[0]).toBe(true);
  await dial();
  expect(isOpen()[0]).toBe(false);
});

it("if all 32 wait for an answer, the next client is refused", async () => {
  const { connections, accepted, dial } = await open(60_000);
  for (let i = 0; i < 32; i++) await dial();
  for (const socket of accepted) connections.answer(socket);
  await dial();
  expect(accepted.map((socket) => socket.destroyed).indexOf(true)).toBe(32);
});

it("a page is served beside forty clients that send half a request, or do not take their page", async () => {
  const path = join(folder, "page.sock");
  const served = await servePage({ path }, async () => ({ type: "text/plain", text: "x".repeat(4_000_000) }));
  ends.push(() => served.close());
  for (let i = 0; i < 40; i++) {
    const socket = connect(path);
    socket.on("error", () => undefined).write(i % 2 ? "GET / HTTP/1.1\r\nHost:" : "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    ends.push(() => socket.destroy());
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  const scraper = connect(path);
  let length = 0;
  scraper.on("data", (bytes) => {
    length += bytes.length;
  });
  scraper.write("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  await once(scraper, "close");
  expect(length).toBeGreaterThan(4_000_000);
});
