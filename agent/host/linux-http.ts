// Sends an HTTP request and passes on the answer. Follows no redirect, and nothing that a server answers can throw
// outside the promise. See RFC 9112.

import { request } from "node:http";
import type { HttpAnswer, HttpServer } from "./host.ts";

/** A server may send this many interim answers (1xx) before its answer. */
const MOST_INTERIM = 8;

export function askHttpServer(server: HttpServer, path: string, signal: AbortSignal): Promise<HttpAnswer> {
  const { socketPath, host, port } = server;
  const to = socketPath === undefined ? { host, port } : { socketPath };
  return new Promise((resolve, reject) => {
    // A connection of its own: a server may close an idle one just when a request is sent on it.
    const asked = request({ ...to, path, signal, agent: false });
    let interim = 0;
    asked.on("socket", (socket) => socket.unref());
    asked.on("information", () => {
      if (++interim > MOST_INTERIM) asked.destroy(new Error("the server sends interim answers without end"));
    });
    asked.on("upgrade", (_, socket) => {
      socket.destroy();
      reject(new Error("the server switches to another protocol"));
    });
    asked.on("response", (answer) => {
      answer.on("error", () => undefined);
      signal.addEventListener("abort", () => answer.destroy(), { once: true });
      resolve({ status: answer.statusCode ?? 0, body: answer });
    });
    asked.on("error", reject);
    asked.on("close", () => reject(new Error("the server closed the connection")));
    asked.end();
  });
}
