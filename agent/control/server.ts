// The agent's end of the control socket: answers who may open it, which is root or whoever runs the agent. unix(7).

import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { listeningAt } from "../host/linux-unix.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { type Answer, type Handlers, PATIENCE, REQUEST_BYTES, type Request } from "./protocol.ts";

export interface ControlServer {
  /** Undefined where there is none, and the log has said why. */
  readonly path: string | undefined;
  stop(): void;
}

/** People and scripts ask one at a time; more at once are refused by the kernel, not served badly. */
const CONNECTIONS = 32;

/** libuv says EACCES for a folder that does not exist, too. */
const obstacleTo = (path: string, error: unknown): string =>
  (error as NodeJS.ErrnoException).code === "EACCES"
    ? `${path}: ${dirname(path)} does not exist, or may not be written`
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
  if (handler === undefined) return { ok: false, error: `this agent does not know the request ${request ?? "at all"}` };
  try {
    return { ok: true, answer: await handler() };
  } catch (error) {
    return { ok: false, error: messageOf(error) };
  }
}

/**
 * Whoever connects and says nothing, or goes away in the middle, costs a descriptor for two seconds and nothing else.
 */
function serve(socket: Socket, handlers: Handlers): void {
  let text = "";
  socket.setEncoding("utf8").setTimeout(PATIENCE, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: string) => {
    text += chunk;
    if (text.length > REQUEST_BYTES) socket.destroy();
    const end = text.indexOf("\n");
    if (end < 0) return;
    socket.removeAllListeners("data").resume();
    socket.setTimeout(0);
    void answer(text.slice(0, end), handlers).then((said) => socket.end(`${JSON.stringify(said)}\n`));
  });
}

/** The mode is that of the moment of bind(2): a mode set afterwards would leave a gap for others to slip through. */
function listen(server: Server, path: string): void {
  const before = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(before);
  }
}

/** An agent without it does its work all the same, so what is in the way is said and no more. */
export async function serveControl(path: string, handlers: Handlers, log: Logger): Promise<ControlServer> {
  const server = createServer((socket) => serve(socket, handlers));
  server.maxConnections = CONNECTIONS;
  try {
    await listeningAt(path, server, () => listen(server, path));
  } catch (error) {
    const obstacle = obstacleTo(path, error);
    log.warn(`control socket: ${obstacle}; status cannot be asked, --control-socket puts it elsewhere`);
    return { path: undefined, stop: () => undefined };
  }
  server.on("error", (error) => log.warn(`control socket ${path}: ${error.message}`));
  server.unref();
  return { path, stop: () => void server.close() };
}
