// The agent's end of the control socket. Root, the agent's own user and the members of one group may connect to it. See
// unix(7).

import { chmodSync, chownSync, statSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { Connections } from "../host/linux-connections.ts";
import { listeningAt } from "../host/linux-unix.ts";
import type { WorkQueue } from "../host/work-queue.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { writingJson } from "./json-text.ts";
import { type Answer, type Handlers, REQUEST_BYTES, type Request, TIMEOUT_MS } from "./protocol.ts";

export interface ControlServer {
  /** The path of the socket; undefined if it could not be opened. The log has the reason. */
  readonly path: string | undefined;
  stop(): void;
}

/** Explains an error of listen. libuv reports EACCES also if the folder is missing. */
const obstacleTo = (path: string, error: unknown): string =>
  (error as NodeJS.ErrnoException).code === "EACCES"
    ? `${path}: ${dirname(path)} does not exist or is not writable`
    : messageOf(error);

function requestOf(line: string): string | undefined {
  try {
    const { request } = JSON.parse(line) as { request?: unknown };
    return typeof request === "string" ? request : undefined;
  } catch {
    return undefined;
  }
}

async function answer(line: string, handlers: Handlers): Promise<Answer> {
  const request = requestOf(line);
  const handler = request !== undefined && Object.hasOwn(handlers, request) ? handlers[request as Request] : undefined;
  if (handler === undefined)
    return { ok: false, error: `unknown request: ${request ?? "not a JSON object with a request"}` };
  try {
    return { ok: true, answer: await handler() };
  } catch (error) {
    return { ok: false, error: messageOf(error) };
  }
}

/** Serves one connection. Disconnects a client that has not sent a whole request, or not taken the answer, in time. */
function serve(socket: Socket, handlers: Handlers, connections: Connections, queue: WorkQueue): void {
  let text = "";
  socket.setEncoding("utf8");
  connections.add(socket);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: string) => {
    text += chunk;
    if (text.length > REQUEST_BYTES) socket.destroy();
    const end = text.indexOf("\n");
    if (end < 0) return;
    socket.removeAllListeners("data").resume();
    connections.answer(socket);
    void answer(text.slice(0, end), handlers)
      .then((reply) => queue.finish(writingJson(reply)))
      .then((json) => {
        connections.wait(socket);
        socket.end(`${json}\n`);
      });
  });
}

/**
 * Sets the umask for bind(2), so that others can never connect. With chmod(2) after bind(2) they could for a moment.
 */
function listen(server: Server, path: string): void {
  const before = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(before);
  }
}

/** Lets the group connect, if this process may give the socket to it. Otherwise only root and this user can. */
function shareWith(path: string, group: number): void {
  try {
    if (statSync(path).gid !== group) chownSync(path, -1, group);
    chmodSync(path, 0o660);
  } catch {
    // Another user than root started the agent by hand: the socket is for that user.
  }
}

/**
 * Opens the control socket, for the members of `group` too. Never rejects: on failure, logs the reason, and the agent
 * works without the socket.
 */
export async function serveControl(
  path: string,
  handlers: Handlers,
  log: Logger,
  queue: WorkQueue,
  group?: number,
): Promise<ControlServer> {
  const connections = new Connections(TIMEOUT_MS);
  const server = createServer((socket) => serve(socket, handlers, connections, queue));
  try {
    await listeningAt(path, server, () => listen(server, path));
    if (group !== undefined) shareWith(path, group);
  } catch (error) {
    const obstacle = obstacleTo(path, error);
    log.warn(`control socket: ${obstacle}; hsflowd status will not work: choose another path with --control-socket`);
    return { path: undefined, stop: () => undefined };
  }
  server.on("error", (error) => log.warn(`control socket ${path}: ${error.message}`));
  server.unref();
  return { path, stop: () => void server.close() };
}
