// Listens for ICMP errors about datagrams to a collector, from any process of this host. A host refuses only once a
// second, so while the agent sends more often, the error may be about its datagram. raw(7), icmp(7); RFC 792, RFC 4443.

import { makeReceiveBatch, messageBytes } from "../../../native-shim/batch.ts";
import type { Shim } from "../../../native-shim/shim.ts";
import { AF_INET, AF_INET6, IPPROTO_UDP, SOCK_RAW } from "../../sockets/socket-constants.ts";

/** The ICMP message, the IP header of the refused packet, and the errno for each code. */
const ICMP = {
  protocol: 1,
  type: 3,
  header: 20,
  nextHeader: 9,
  destination: 16,
  codes: new Map([
    [0, "ENETUNREACH"],
    [1, "EHOSTUNREACH"],
    [3, "ECONNREFUSED"],
    [9, "EHOSTUNREACH"],
    [10, "EHOSTUNREACH"],
    [13, "EHOSTUNREACH"],
  ]),
};
const ICMPV6 = {
  protocol: 58,
  type: 1,
  header: 40,
  nextHeader: 6,
  destination: 24,
  codes: new Map([
    [0, "ENETUNREACH"],
    [1, "EHOSTUNREACH"],
    [3, "EHOSTUNREACH"],
    [4, "ECONNREFUSED"],
  ]),
};
const MESSAGE_HEADER = 8;
const SLOTS = 32;
const STRIDE = 256;

/**
 * Returns the errno that an ICMP message stands for, if it is about datagrams to `address` and `port`. An IPv4 socket
 * delivers the message with its IP header, an IPv6 socket without.
 */
export function refusalIn(bytes: Uint8Array, address: Uint8Array, port: number): string | undefined {
  const four = address.length === 4;
  const { type, header, nextHeader, destination, codes } = four ? ICMP : ICMPV6;
  const message = four ? bytes.subarray(((bytes[0] ?? 0) & 15) * 4) : bytes;
  const inner = message.subarray(MESSAGE_HEADER);
  const length = four ? ((inner[0] ?? 0) & 15) * 4 : header;
  if (message[0] !== type || length < header || inner.length < length + 4) return undefined;
  const to = inner.subarray(destination, destination + address.length);
  const toPort = ((inner[length + 2] as number) << 8) | (inner[length + 3] as number);
  const isOurs = inner[nextHeader] === IPPROTO_UDP && toPort === port && to.every((byte, i) => byte === address[i]);
  return isOurs ? codes.get(message[1] as number) : undefined;
}

export interface Refusals {
  /** Returns the errno of the next refusal that has arrived; undefined if there is none. */
  next(): string | undefined;
  close(): void;
}

/** Returns undefined if this process may not open raw sockets. */
export function listenForRefusals(
  sockets: Shim,
  address: Uint8Array,
  port: number,
  namespace: string | undefined,
): Refusals | undefined {
  const four = address.length === 4;
  const where = namespace === undefined ? [] : [namespace];
  let fd: number;
  try {
    fd = sockets.socket(four ? AF_INET : AF_INET6, SOCK_RAW, (four ? ICMP : ICMPV6).protocol, ...where);
  } catch {
    return undefined;
  }
  const batch = makeReceiveBatch(sockets.layout, SLOTS, STRIDE);
  return {
    next() {
      const count = sockets.receive(fd, batch);
      for (let i = 0; i < count; i++) {
        const refusal = refusalIn(messageBytes(sockets.layout, batch, i), address, port);
        if (refusal !== undefined) return refusal;
      }
      return undefined;
    },
    close: () => sockets.close(fd),
  };
}
