// A socket in memory, its messages, and how the addon writes a message into a slot of a receive batch.

import type { Layout, ReceiveBatch } from "../../native-shim/shim.ts";

/** The order differs from the addon's, so that code with a hard-coded offset fails. */
export const LAYOUT: Layout = {
  slotWords: 14,
  flags: 1,
  vlanTpid: 2,
  vlanTci: 3,
  nanoseconds: 4,
  seconds: 5,
  packetType: 6,
  hardwareType: 7,
  protocol: 8,
  interfaceIndex: 9,
  offset: 10,
  wireLength: 11,
  length: 12,
  vlanValid: 4,
  truncated: 8,
};

/** An incoming message, and what its slot has beside length and place. */
export interface FakeMessage {
  readonly bytes: Uint8Array;
  readonly wireLength?: number;
  readonly interfaceIndex?: number;
  readonly protocol?: number;
  readonly hardwareType?: number;
  readonly packetType?: number;
  readonly seconds?: number;
  readonly nanoseconds?: number;
  /** Makes the slot's VLAN tag valid. */
  readonly vlanTci?: number;
  readonly vlanTpid?: number;
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

export function writeSlot(layout: Layout, batch: ReceiveBatch, index: number, message: FakeMessage): void {
  const { bytes, wireLength = bytes.length, vlanTci, vlanTpid = 0x8100 } = message;
  const length = Math.min(bytes.length, batch.stride);
  const offset = index * batch.stride;
  const tag = vlanTci === undefined ? 0 : layout.vlanValid;
  const slot = new Uint32Array(layout.slotWords);
  slot[layout.length] = length;
  slot[layout.wireLength] = wireLength;
  slot[layout.offset] = offset;
  slot[layout.interfaceIndex] = message.interfaceIndex ?? 0;
  slot[layout.protocol] = message.protocol ?? 0;
  slot[layout.hardwareType] = message.hardwareType ?? 0;
  slot[layout.packetType] = message.packetType ?? 0;
  slot[layout.seconds] = message.seconds ?? 0;
  slot[layout.nanoseconds] = message.nanoseconds ?? 0;
  slot[layout.vlanTci] = vlanTci ?? 0;
  slot[layout.vlanTpid] = vlanTci === undefined ? 0 : vlanTpid;
  slot[layout.flags] = tag | (bytes.length > length ? layout.truncated : 0);
  batch.words.set(slot, index * layout.slotWords);
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
