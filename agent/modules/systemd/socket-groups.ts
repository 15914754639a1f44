// Asks the kernel for the control group of a local socket, by the addresses of a packet. See linux/inet_diag.h,
// sock_diag(7).

import type { Shim } from "../../../native-shim/shim.ts";
import { eachAttribute, unsigned64 } from "../../netlink/attribute.ts";
import { AF_INET, AF_INET6, type Message, MessageFlag, makeMessage } from "../../netlink/message.ts";
import { IpProtocol } from "../../packet/ip.ts";
import { type NetlinkSocket, openNetlinkSocket } from "../../sockets/netlink-socket.ts";
import { NETLINK_SOCK_DIAG } from "../../sockets/socket-constants.ts";

export interface SocketGroup {
  /** Inode of the group in the unified hierarchy. */
  readonly id: number;
  /** The socket takes packets to any address, so the address asked for may be another host's. */
  readonly anyAddress: boolean;
}

/** A flow with one end on this host. */
export interface LocalFlow {
  /** Key of putFlowKey, the local end first. */
  readonly key: Uint32Array;
  readonly protocol: number;
  readonly version: number;
  /** Selects the socket if sockets are bound to interfaces, or if the address is link-local. */
  readonly interfaceIndex: number;
}

const SOCK_DIAG_BY_FAMILY = 20;
const INET_DIAG_CGROUP_ID = 21;
/** inet_diag_req_v2: family, protocol, states, then inet_diag_sockid. */
const REQUEST_BYTES = 56;
/** inet_diag_msg, before its attributes; the local address in it. */
const ANSWER_BYTES = 72;
const ANSWER_LOCAL = 8;
const NO_COOKIE = 0xff;

export class SocketGroups {
  readonly #socket: NetlinkSocket;

  /** Throws ShimError. */
  constructor(shim: Shim) {
    this.#socket = openNetlinkSocket(shim, NETLINK_SOCK_DIAG);
  }

  /** Returns undefined if no socket matches, or if the kernel is older than 5.9 and does not report groups. */
  find(flow: LocalFlow): SocketGroup | undefined {
    let found: SocketGroup | undefined;
    this.#socket.ask(
      (sequence) =>
        makeMessage(SOCK_DIAG_BY_FAMILY, MessageFlag.request | MessageFlag.acknowledge, sequence, bodyOf(flow)),
      (message) => {
        if (message.type === SOCK_DIAG_BY_FAMILY) found = readGroup(message);
      },
    );
    return found;
  }

  close(): void {
    this.#socket.close();
  }
}

function bodyOf({ key, protocol, version, interfaceIndex }: LocalFlow): Uint8Array {
  const bytes = new Uint8Array(REQUEST_BYTES).fill(NO_COOKIE, REQUEST_BYTES - 8);
  const view = new DataView(bytes.buffer);
  bytes[0] = version === 6 ? AF_INET6 : AF_INET;
  bytes[1] = protocol;
  bytes.fill(0xff, 4, 8);
  // The kernel takes the local end first for TCP, and last for UDP.
  const [first, second] = protocol === IpProtocol.udp ? [4, 0] : [0, 4];
  const ports = key[8] as number;
  view.setUint32(8, protocol === IpProtocol.udp ? (ports << 16) | (ports >>> 16) : ports);
  for (let i = 0; i < 4; i++) view.setUint32(12 + 4 * i, key[first + i] as number);
  for (let i = 0; i < 4; i++) view.setUint32(28 + 4 * i, key[second + i] as number);
  new Uint32Array(bytes.buffer)[11] = interfaceIndex;
  return bytes;
}

function readGroup({ view, start, end }: Message): SocketGroup | undefined {
  if (end - start < ANSWER_BYTES) return undefined;
  let id = 0;
  eachAttribute(view, start + ANSWER_BYTES, end, (type, at, length) => {
    if (type === INET_DIAG_CGROUP_ID && length >= 8) id = unsigned64(view, at);
  });
  const words = [0, 4, 8, 12].map((offset) => view.getUint32(start + ANSWER_LOCAL + offset));
  return id === 0 ? undefined : { id, anyAddress: words.every((word) => word === 0) };
}
