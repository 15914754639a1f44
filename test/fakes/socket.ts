// A socket in memory, its messages, and how a message is written into a slot of a receive batch.

import type { Layout, ReceiveBatch } from "../../native-shim/shim.ts";

/** Differs from the addon's layout, so that code with a hard-coded offset fails. */
export const LAYOUT: Layout = { slotWords: 5, flags: 1, offset: 3, length: 4, truncated: 8 };

/** A message on its way in. */
export interface FakeMessage {
  readonly bytes: Uint8Array;
}

export interface SentMessage {
  readonly bytes: Uint8Array;
  /** A whole sockaddr; undefined means the connected peer. */
  readonly to: Uint8Array | undefined;
}

export interface FakeSocket {
  readonly fd: number;
  readonly domain: number;
  readonly type: number;
  readonly protocol: number;
  readonly namespace: string | undefined;
  /** Values by `level/option`. A test may set what `getOption` returns. */
  readonly options: Map<string, Uint8Array>;
  /** struct sockaddr by interface name. */
  readonly hardware: Map<string, Uint8Array>;
  readonly inbox: FakeMessage[];
  readonly sent: SentMessage[];
  address: Uint8Array | undefined;
  peer: Uint8Array | undefined;
  filter: Uint8Array | undefined;
  /** The other end: gets each message sent, and returns the answers. */
  answer: ((message: Uint8Array) => readonly Uint8Array[]) | undefined;
}

export function writeSlot(layout: Layout, batch: ReceiveBatch, index: number, { bytes }: FakeMessage): void {
  const length = Math.min(bytes.length, batch.stride);
  const offset = index * batch.stride;
  const slot = index * layout.slotWords;
  batch.words[slot + layout.length] = length;
  batch.words[slot + layout.offset] = offset;
  batch.words[slot + layout.flags] = bytes.length > length ? layout.truncated : 0;
  batch.bytes.set(bytes.subarray(0, length), offset);
}

/** The calls that can be made to fail. */
export type FakeCall =
  | "socket"
  | "pidfd"
  | "bind"
  | "connect"
  | "hardware"
  | "setOption"
  | "attachFilter"
  | "receive"
  | "send";

/** The system call of each, as the error of the addon names it. */
export const SYSCALLS: Readonly<Record<FakeCall, string>> = {
  socket: "socket",
  pidfd: "pidfd_open",
  bind: "bind",
  connect: "connect",
  hardware: "ioctl",
  setOption: "setsockopt",
  attachFilter: "setsockopt",
  receive: "recvmmsg",
  send: "sendmmsg",
};

/** Returns a call that throws, for what only the addon can do. */
export const notFaked = (call: string) => (): never => {
  throw new Error(`${call} is not faked`);
};
