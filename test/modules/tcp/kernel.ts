// A fake kernel that answers inet_diag and rtnetlink, with connections and namespaces that a test sets.

import { makeAttribute, makeUint32 } from "../../../agent/netlink/attribute.ts";
import { makeMessage } from "../../../agent/netlink/message.ts";
import { TCP_INFO, type TcpInfoField } from "../../../agent/netlink/tcp-info.ts";
import type { FakeShim } from "../../fakes/shim.ts";
import type { FakeSocket } from "../../fakes/socket.ts";

const SOCK_DIAG = 4;
const MAPPED = "00000000000000000000ffff";

/** A socket. Addresses are 4 or 16 bytes in hexadecimal. */
export interface Connection {
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
  readonly namespace?: string;
  readonly info?: Partial<Record<TcpInfoField, number>>;
  /** Length of struct tcp_info; 0 if the socket has none, as in TIME_WAIT. */
  readonly infoBytes?: number;
  readonly state?: number;
  /** True for an IPv6 socket with an IPv4 connection. */
  readonly mapped?: true;
}

export interface PeerNamespace {
  readonly addresses: readonly { readonly index: number; readonly bytes: string }[];
  /** Interfaces of the agent's namespace with a peer in this one. */
  readonly peers: readonly number[];
}

export interface FakeKernel {
  readonly connections: Connection[];
  /** Namespaces by path. */
  readonly namespaces: Record<string, PeerNamespace>;
  /** If set, replaces the kernel's answers. */
  tamper: (answer: Uint8Array) => readonly Uint8Array[];
  /** Requests received, and the messages that carried them. */
  questions: number;
  messages: number;
}

export function makeFakeKernel(sockets: FakeShim): FakeKernel {
  const kernel: FakeKernel = {
    connections: [],
    namespaces: {},
    tamper: (answer) => [answer],
    questions: 0,
    messages: 0,
  };
  sockets.onOpen = (socket) => {
    socket.options.set("1/8", new Uint8Array(Int32Array.of(1 << 20).buffer));
    socket.answer =
      socket.protocol === SOCK_DIAG
        ? (message) => answerDiag(kernel, socket, message)
        : (message) => answerRoute(kernel.namespaces[socket.namespace ?? ""], message);
  };
  return kernel;
}

function answerDiag(kernel: FakeKernel, socket: FakeSocket, message: Uint8Array): Uint8Array[] {
  const view = new DataView(message.buffer);
  if ((view.getUint16(6, true) & 0x300) !== 0) return answerDump(kernel, socket, message);
  kernel.messages++;
  const answers: Uint8Array[] = [];
  for (let at = 0; at < message.length; at += view.getUint32(at, true)) {
    kernel.questions++;
    answers.push(answerOne(kernel, socket, message.subarray(at, at + view.getUint32(at, true))));
  }
  return answers.flatMap((answer) => kernel.tamper(answer));
}

function answerOne(kernel: FakeKernel, socket: FakeSocket, request: Uint8Array): Uint8Array {
  const sequence = new DataView(request.buffer, request.byteOffset).getUint32(8, true);
  const hex = Buffer.from(request).toString("hex");
  const width = request[16] === 10 ? 32 : 8;
  const ports = hex.slice(48, 56);
  const found = kernel.connections.find(
    ({ local, localPort, remote, remotePort, namespace }) =>
      namespace === socket.namespace &&
      local === hex.slice(56, 56 + width) &&
      remote === hex.slice(88, 88 + width) &&
      ports === hexPort(localPort) + hexPort(remotePort),
  );
  return found === undefined ? error(sequence, 2) : reply(sequence, found);
}

export function error(sequence: number, errno: number): Uint8Array {
  const body = new Uint8Array(20);
  new DataView(body.buffer).setInt32(0, -errno, true);
  return makeMessage(2, 0, sequence, body);
}

function answerDump(kernel: FakeKernel, socket: FakeSocket, message: Uint8Array): Uint8Array[] {
  const view = new DataView(message.buffer);
  const sequence = view.getUint32(8, true);
  const family = view.getUint8(16);
  const done = makeMessage(3, 2, sequence, new Uint8Array(4));
  if (view.getUint32(20, true) === 0) return [done];
  const found = kernel.connections.filter(
    ({ namespace, local, mapped }) =>
      namespace === socket.namespace && (family === 10) === (local.length === 32 || mapped === true),
  );
  return [...found.map((connection) => reply(sequence, connection)), done];
}

const hexPort = (port: number): string => port.toString(16).padStart(4, "0");
const padded = (address: string): string => address.padEnd(32, "0");

export function reply(sequence: number, connection: Connection): Uint8Array {
  const { local, localPort, remote, remotePort, mapped, state = 1, info = {}, infoBytes = 232 } = connection;
  const place = (address: string): string => (mapped ? MAPPED + address : padded(address));
  const family = mapped || local.length === 32 ? "0a" : "02";
  const head = `${family}${state.toString(16).padStart(2, "0")}0000`;
  const id = hexPort(localPort) + hexPort(remotePort) + place(local) + place(remote) + "00".repeat(12);
  const body = Buffer.from(head + id + "00".repeat(20), "hex");
  const attributes = infoBytes === 0 ? [] : [makeAttribute(2, tcpInfo(info, infoBytes))];
  return makeMessage(20, 0, sequence, body, makeAttribute(8, Uint8Array.of(0)), ...attributes);
}

function tcpInfo(info: Partial<Record<TcpInfoField, number>>, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(length, 232));
  const view = new DataView(bytes.buffer);
  for (const [field, value] of Object.entries(info)) view.setUint32(TCP_INFO[field as TcpInfoField][0], value, true);
  return bytes.subarray(0, length);
}

/** In every namespace, number 5 stands for the agent's own namespace. */
function answerRoute(namespace: PeerNamespace | undefined, message: Uint8Array): Uint8Array[] {
  const view = new DataView(message.buffer);
  const sequence = view.getUint32(8, true);
  const done = makeMessage(3, 2, sequence, new Uint8Array(4));
  const type = view.getUint16(4, true);
  if (namespace === undefined) return [done];
  if (type === 90)
    return [makeMessage(88, 0, sequence, new Uint8Array(4), makeAttribute(1, makeUint32(5))), error(sequence, 0)];
  const parts = type === 18 ? namespace.peers.map(link) : namespace.addresses.map(address);
  return [...parts.map(([kind, ...body]) => makeMessage(kind, 2, sequence, ...body)), done];
}

type Part = [number, ...Uint8Array[]];

function link(peer: number, i: number): Part {
  const body = new Uint8Array(16);
  body[4] = i + 2;
  const name = new TextEncoder().encode(`eth${i}\0`);
  return [16, body, makeAttribute(3, name), makeAttribute(5, makeUint32(peer)), makeAttribute(37, makeUint32(5))];
}

function address({ index, bytes }: { index: number; bytes: string }): Part {
  const body = Uint8Array.of(bytes.length === 8 ? 2 : 10, 24, 0, 0, index, 0, 0, 0);
  return [20, body, makeAttribute(bytes.length === 8 ? 2 : 1, Uint8Array.from(Buffer.from(bytes, "hex")))];
}
