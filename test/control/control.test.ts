// The control socket, with both ends in this process: answers, and each kind of failure.

import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, connect as dial, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask } from "../../agent/control/client.ts";
import type { Handlers } from "../../agent/control/protocol.ts";
import { type ControlServer, serveControl } from "../../agent/control/server.ts";
import { WorkQueue } from "../../agent/host/work-queue.ts";
import type { Status } from "../../agent/report/agent-status.ts";
import { makeFakeClock } from "../fakes/clock.ts";
import { makeLog } from "../fakes/log.ts";
import { leaveSocket } from "../host/left-socket.ts";

const STATUS = { version: "1", pid: 7 } as Status;

let folder: string;
let path: string;
const ends: (() => void)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hsflowd-control-"));
  path = join(folder, "hsflowd.sock");
});

afterEach(() => {
  for (const end of ends.splice(0)) end();
  rmSync(folder, { recursive: true, force: true });
});

const queue = new WorkQueue(makeFakeClock());

async function open(handlers: Handlers = { status: () => STATUS }, log = makeLog()): Promise<ControlServer> {
  const server = await serveControl(path, handlers, log, queue);
  ends.push(() => server.stop());
  return server;
}

/** Listens on the path as another program would. */
async function impostor(answer: (server: Server) => void): Promise<void> {
  const server = createServer();
  answer(server);
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  ends.push(() => server.close());
}

describe("the file of the socket", () => {
  const access = () => [statSync(path).gid, (statSync(path).mode & 0o777).toString(8)];

  it("is for root and the agent's user", async () => {
    await open();
    expect(access()).toEqual([process.getgid?.(), "600"]);
  });

  it("is for the members of a group too, if there is one", async () => {
    const group = process.getuid?.() === 0 ? 4321 : (process.getgid?.() ?? 0);
    ends.push((await serveControl(path, {}, makeLog(), queue, group)).stop);
    expect(access()).toEqual([group, "660"]);
  });
});

describe("a request", () => {
  it("is answered", async () => {
    await open();
    expect(await ask(path, "status")).toEqual({ kind: "answer", value: STATUS });
  });

  it("may take longer if the client waits longer", async () => {
    const done = { ok: true, text: "in force", lacking: [] };
    await open({ reload: () => new Promise((resolve) => setTimeout(() => resolve(done), 20)) });
    expect(await ask(path, "reload", 5000)).toEqual({ kind: "answer", value: done });
  });

  it("without a handler is refused with its name", async () => {
    await open({});
    const refused = { kind: "refused", message: "unknown request: reload" };
    expect(await ask(path, "reload")).toMatchObject(refused);
  });

  it("whose handler throws is refused with the error's message", async () => {
    await open({
      status: () => {
        throw new Error("no status today");
      },
    });
    expect(await ask(path, "status")).toMatchObject({ kind: "refused", message: "no status today" });
  });

  it.each(["", "not json\n", "[]\n", "null\n", '{"request":"toString"}\n', "x".repeat(100_000)])(
    "that is malformed (%.20s) does not disturb others",
    async (text) => {
      await open();
      await new Promise<void>((resolve) => {
        const socket = dial(path, () => socket.end(text));
        socket.resume().once("close", () => resolve());
        socket.once("error", () => resolve());
      });
      expect(await ask(path, "status")).toMatchObject({ kind: "answer" });
    },
  );
});

describe("the client reports", () => {
  it("absent, if there is no socket", async () => {
    expect(await ask(path, "status")).toMatchObject({
      kind: "absent",
      message: `no agent is running: there is no ${path}`,
    });
  });

  it("dead, if the socket is left from a killed agent", async () => {
    await leaveSocket(path);
    expect(await ask(path, "status")).toMatchObject({ kind: "dead" });
  });

  it("silent, if the agent hangs beyond the timeout", async () => {
    await impostor((server) => server.on("connection", (socket) => ends.push(() => socket.destroy())));
    expect(await ask(path, "status", 30)).toMatchObject({ kind: "silent" });
  });

  it("garbled, if the program is not hsflowd", async () => {
    await impostor((server) => server.on("connection", (socket) => socket.end("220 mail ready\r\n")));
    expect(await ask(path, "status")).toMatchObject({ kind: "garbled" });
  });

  it("garbled, if the agent ends in the middle of its answer", async () => {
    await impostor((server) => server.on("connection", (socket) => socket.end('{"ok":true,"answ')));
    expect(await ask(path, "status")).toMatchObject({ kind: "garbled" });
  });
});

describe("the server", () => {
  it("lets only the owner open its socket", async () => {
    const { path: at } = await open();
    expect(at).toBe(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("of a killed agent is replaced by one of the agents that start at the same moment", async () => {
    await leaveSocket(path);
    const all = await Promise.all([open(), open(), open()]);
    expect(all.filter((server) => server.path !== undefined)).toHaveLength(1);
    expect(await ask(path, "status")).toMatchObject({ kind: "answer" });
  });

  it("replaces a socket that is left from a killed agent", async () => {
    await leaveSocket(path);
    const log = makeLog();
    await open({ status: () => STATUS }, log);
    expect(log.lines).toEqual([]);
    expect(await ask(path, "status")).toMatchObject({ kind: "answer" });
  });

  it("does not replace the socket of a running agent, and logs why", async () => {
    await open();
    const log = makeLog();
    expect((await open({}, log)).path).toBeUndefined();
    expect(log.lines).toEqual([expect.stringContaining("another agent is listening on it")]);
    expect(await ask(path, "status")).toMatchObject({ kind: "answer" });
  });

  it("does not replace a file that is not a socket", async () => {
    writeFileSync(path, "precious");
    chmodSync(path, 0o600);
    const log = makeLog();
    expect((await open({}, log)).path).toBeUndefined();
    expect(log.lines).toEqual([expect.stringContaining("exists and is not a socket")]);
    expect(existsSync(path)).toBe(true);
  });

  it("logs why a socket cannot be created", async () => {
    const log = makeLog();
    const server = await serveControl(join(folder, "missing", "hsflowd.sock"), {}, log, queue);
    expect(server.path).toBeUndefined();
    expect(log.lines).toEqual([expect.stringContaining("missing does not exist")]);
  });

  it("removes its socket when it stops", async () => {
    const server = await open();
    server.stop();
    expect(existsSync(path)).toBe(false);
  });
});
