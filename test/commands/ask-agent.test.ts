// Commands whose agent is of another version, or is another program: one sentence, and never a stack.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasShape, SHAPES } from "../../agent/commands/answer-shape.ts";
import { reload } from "../../agent/commands/reload.ts";
import { status } from "../../agent/commands/status.ts";

let path = "";
const ends: (() => void)[] = [];
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "hsflowd-ask-")), "sock");
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  rmSync(join(path, ".."), { recursive: true });
});

/** Answers every request with this value. */
async function impostor(value: unknown): Promise<void> {
  const server = createServer((socket) => socket.once("data", () => socket.end(`${JSON.stringify(value)}\n`)));
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  ends.push(() => server.close());
}

const WHOLE = {
  ...{ version: "0.0.1", pid: 1, uptime: 5, configFile: "/etc/hsflowd.conf", memory: 1, subAgentId: 0 },
  ...{ suppressed: false, counters: {}, interfaces: {}, flow: {}, failures: {}, modules: [], found: {} },
};
const withReport = (report: unknown) => ({ ...WHOLE, modules: [{ name: "pcap", counters: {}, report }] });

const WRONG: [name: string, answer: unknown][] = [
  ["nothing", {}],
  ["null", null],
  ["a list", []],
  ["no modules", { ...WHOLE, modules: undefined }],
  ["modules that are no list", { ...WHOLE, modules: {} }],
  ["a module without a report", { ...WHOLE, modules: [{ name: "pcap", counters: {} }] }],
  ["a counter that is an object", { ...WHOLE, counters: { datagrams: {} } }],
  ["an interface without a name", withReport({ taps: [{}] })],
  ["a collector without numbers", withReport({ collectors: [{ name: "x" }] })],
  ["a table with other cells", withReport({ tables: [{ title: "", columns: [], rows: [[{}]] }] })],
  ["a text where a number is expected", { ...WHOLE, uptime: "long" }],
];

describe.each(WRONG)("an answer with %s", (_, answer) => {
  it("is explained in one sentence", async () => {
    await impostor({ ok: true, answer });
    const { text, problem = "", exitCode } = await status(path, "text", { all: false, width: 80 });
    expect([text, exitCode]).toEqual(["", 1]);
    expect(problem).toMatch(/^hsflowd: the (process|agent) behind [^\n]* another version [^\n]*\n$/);
    expect((await reload(path)).problem).toMatch(/^hsflowd: the (process|agent) behind [^\n]*\n$/);
  });
});

it("names the other version, and accepts its answer if it has all members", async () => {
  await impostor({ ok: true, answer: { version: "0.0.1" } });
  expect((await status(path, "text", { all: false, width: 80 })).problem).toContain(
    "is hsflowd 0.0.1, another version than this program",
  );
  expect(hasShape(WHOLE, SHAPES.status)).toBe(true);
  expect(hasShape({ ...withReport({ taps: [], new: 1 }), more: true }, SHAPES.status)).toBe(true);
});

it("does not wait for the end of an answer that has none", async () => {
  const server = createServer((socket) => {
    const piece = "x".repeat(1 << 20);
    const send = (): unknown => socket.writable && socket.write(piece, send);
    socket.on("error", () => undefined).once("data", send);
  });
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  ends.push(() => server.close());
  expect((await status(path, "text", { all: false, width: 80 })).exitCode).toBe(1);
});
