// A socket in memory, its messages, and how one comes to stand in a slot of a receive batch, as the addon does it.

import type { Layout, ReceiveBatch } from "../../native-shim/shim.ts";

/** Not the order of the addon's, so that code which knows an offset by heart fails. */
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

/** A message on its way in, and what its slot says beside length and place. */
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
  /** A whole sockaddr; undefined for the connected peer. */
  readonly to: Uint8Array | undefined;
}

export interface FakeSocket {
  readonly fd: number;
  readonly domain: number;
  readonly type: number;
  readonly protocol: number;
  readonly namespace: string | undefined;
  /** By `level/option`. A test may set what `getOption` answers. */
  readonly options: Map<string, Uint8Array>;
  /** struct sockaddr by interface name. */
  readonly hardware: Map<string, Uint8Array>;
  readonly inbox: FakeMessage[];
  readonly sent: SentMessage[];
  address: Uint8Array | undefined;
  peer: Uint8Array | undefined;
  filter: Uint8Array | undefined;
  /** The other end: called with each message sent, answers with those that come back. */
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

/** What can be made to fail. */
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
