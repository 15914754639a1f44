// A name server on the loopback that answers each question as a test reply, by UDP and TCP on one port.

import { createSocket, type Socket } from "node:dgram";
import { type Socket as Connection, createServer, type Server } from "node:net";
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Packet } from "dns-packet";
import { makeResolver, type Resolver } from "../../agent/dns/resolver.ts";
import { makeLinuxHost } from "../../agent/host/linux.ts";
import { type FakeClock, makeFakeClock } from "../fakes/clock.ts";
import { makeFakeHost } from "../fakes/host.ts";

export type Protocol = "udp" | "tcp";

/** Returns the messages to send; none to stay silent. Over TCP, the length is added before each, except in `raw`. */
export type Answers = (
  query: Packet,
  protocol: Protocol,
  bytes: Buffer,
  /** The port of the client. */
  port: number,
) => readonly Uint8Array[] | { raw: Uint8Array };

export interface NameServer {
  readonly port: number;
  close(): void;
}

function serveUdp(socket: Socket, reply: Answers): void {
  socket.on("message", (bytes, { port, address }) => {
    const messages = reply(decode(bytes), "udp", bytes, port);
    if (Array.isArray(messages)) for (const message of messages) socket.send(message, port, address);
  });
}

function serveTcp(connection: Connection, reply: Answers): void {
  connection.on("error", () => undefined);
  connection.on("data", (bytes) => {
    const messages = reply(decode(bytes.subarray(2)), "tcp", bytes.subarray(2), connection.remotePort ?? 0);
    if ("raw" in messages) connection.end(messages.raw);
    else for (const message of messages) connection.write(Buffer.concat([length(message), message]));
  });
}

function length(message: Uint8Array): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(message.length);
  return bytes;
}

/** Starts a name server. With `tcp: false` it refuses connections. */
export async function serveNames(
  reply: Answers,
  { address = "127.0.0.1", port = 0, tcp = true } = {},
): Promise<NameServer> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => void socket.bind(port, address, resolve));
  serveUdp(socket, reply);
  const server: Server = createServer((connection) => serveTcp(connection, reply));
  const at = socket.address().port;
  if (tcp) await new Promise<void>((resolve) => void server.listen(at, address, resolve));
  return {
    port: at,
    close() {
      socket.close();
      if (tcp) server.close();
    },
  };
}

/** Returns a valid answer with the changes of a test. */
export const answer = (query: Packet, answers: readonly Answer[], change: Partial<Packet> = {}): Buffer =>
  encode({
    type: "response",
    id: query.id ?? 0,
    flags: AUTHORITATIVE_ANSWER,
    questions: query.questions ?? [],
    answers: [...answers],
    ...change,
  });

export const srv = (
  target: string,
  data: { priority?: number; weight?: number; port?: number } = {},
  ttl = 60,
): Answer => ({
  type: "SRV",
  name: "_sflow._udp.example.com",
  ttl,
  data: { priority: 0, weight: 0, port: 6343, target, ...data },
});

export interface Asker {
  readonly resolver: Resolver;
  readonly clock: FakeClock;
}

/** Makes a resolver with real sockets, and a clock that only the test advances. */
export function makeAsker(port: number, conf = "nameserver 127.0.0.1\noptions timeout:1 attempts:1"): Asker {
  const clock = makeFakeClock();
  const host = makeFakeHost({ texts: { "/etc/resolv.conf": conf } });
  const { askNameServer } = makeLinuxHost();
  const random = (below: number) => Math.floor(Math.random() * below);
  return { resolver: makeResolver({ ...host, clock, random, askNameServer }, port), clock };
}

/** Waits until a condition is true. `what` names it in the error. */
export async function until(what: string, look: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!look()) {
    if (performance.now() > end) throw new Error(`${what}: not within 10 s`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export const QUESTION = { name: "_sflow._udp.example.com", type: "SRV" } as const;
export const GOOD = [srv("a.example.com"), srv("b.example.com")];
export const malformed = { kind: "failure", why: "127.0.0.1: malformed answer" };

const kept: NameServer[] = [];
/** Keeps servers open until `closeAll`, at the end of a test. */
export const keep = (...servers: readonly NameServer[]): void => void kept.push(...servers);
export function closeAll(): void {
  for (const server of kept.splice(0)) server.close();
}

/** Asks QUESTION. Returns the outcome and the counters above 0. With `silent`, time passes after the first message. */
export async function ask(reply: Answers, { tcp = true, silent = false } = {}) {
  const server = await serveNames(reply, { tcp });
  keep(server);
  const { resolver, clock } = makeAsker(server.port);
  const asked = resolver.ask(QUESTION);
  if (silent) {
    await until("a message", () => resolver.counters.foreign > 0);
    clock.advance(1);
  }
  const outcome = await asked;
  const counted = Object.entries(resolver.counters).filter(([, count]) => count > 0);
  return { outcome, counters: Object.fromEntries(counted) };
}
