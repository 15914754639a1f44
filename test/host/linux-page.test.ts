// Pages on a real unix socket and on a real port of the loopback.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { servePage } from "../../agent/host/linux-page.ts";
import { leaveSocket } from "./left-socket.ts";

const folder = mkdtempSync(join(tmpdir(), "hsflowd-page-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const none = async () => ({ type: "", text: "" });

const get = (
  at: { socketPath: string } | { port: number },
  path = "/metrics",
  method = "GET",
  headers: Readonly<Record<string, string>> = {},
) =>
  new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const asked = request({ ...at, host: "127.0.0.1", path, method, headers, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      answer.once("end", () => resolve({ status: answer.statusCode, text }));
    });
    asked.once("error", reject).end();
  });

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

describe("servePage", () => {
  it("makes the page for each request, on a unix socket", async () => {
    const path = join(folder, "m.sock");
    let count = 0;
    const served = await servePage({ path }, async () => ({ type: "text/plain", text: `${++count} é\n` }));
    expect(await get({ socketPath: path })).toEqual({ status: 200, text: "1 é\n" });
    expect(await get({ socketPath: path })).toEqual({ status: 200, text: "2 é\n" });
    expect((await get({ socketPath: path }, "/other")).status).toBe(404);
    expect((await get({ socketPath: path }, "/metrics", "POST")).status).toBe(405);
    served.close();
    expect(existsSync(path)).toBe(false);
  });

  it("answers with the error of a page that failed, and continues", async () => {
    const path = join(folder, "bug.sock");
    const served = await servePage({ path }, () => Promise.reject(new Error("a bug")));
    expect(await get({ socketPath: path })).toEqual({ status: 500, text: "Error: a bug\n" });
    expect((await get({ socketPath: path })).status).toBe(500);
    served.close();
  });

  it("replaces a socket without a listener, but no other file", async () => {
    const left = join(folder, "left.sock");
    await leaveSocket(left);
    (await servePage({ path: left }, none)).close();
    const path = join(folder, "file");
    writeFileSync(path, "precious");
    await expect(servePage({ path }, none)).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect(existsSync(path)).toBe(true);
  });

  it("does not touch the socket of another agent, also when it ends", async () => {
    const path = join(folder, "mine.sock");
    const served = await servePage({ path }, async () => ({ type: "text/plain", text: "mine\n" }));
    await expect(servePage({ path }, none)).rejects.toThrow(`${path}: another agent is listening on it`);
    expect(await get({ socketPath: path })).toEqual({ status: 200, text: "mine\n" });
    served.close();
  });

  it("serves on a port of the loopback, and rejects a port in use", async () => {
    const port = await freePort();
    const bind = "127.0.0.1";
    const served = await servePage({ port, bind }, async () => ({ type: "text/plain", text: "here\n" }));
    expect(await get({ port })).toEqual({ status: 200, text: "here\n" });
    await expect(servePage({ port, bind }, none)).rejects.toMatchObject({ code: "EADDRINUSE" });
    served.close();
  });

  it("serves with a token only who sends it", async () => {
    const path = join(folder, "token.sock");
    const served = await servePage({ path }, async () => ({ type: "text/plain", text: "here\n" }), "secret");
    const ask = async (authorization: string) =>
      (await get({ socketPath: path }, "/metrics", "GET", { authorization })).status;
    expect((await get({ socketPath: path })).status).toBe(401);
    expect(await Promise.all(["secret", "Bearer secre", "Bearer secret2"].map(ask))).toEqual([401, 401, 401]);
    expect(await ask("Bearer secret")).toBe(200);
    served.close();
  });
});
