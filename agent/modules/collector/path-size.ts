// Tests whether a path loses packets as long as datagrams while short ones arrive: sends echo requests of both lengths.
// UDP does not tell, where routers or firewalls filter the report of a small MTU, or fragments. See RFC 792, RFC 4443.

import { makeReceiveBatch, messageBytes } from "../../../native-shim/batch.ts";
import { markOwnTraffic } from "../../capture/own-traffic.ts";
import { AF_INET, AF_INET6, SOCK_RAW } from "../../sockets/socket-constants.ts";
import { destination, namespacePath, type SocketParts, setPath } from "./udp-socket.ts";

/** `short`: bytes behind the headers of IP and UDP that every path carries in one packet. RFC 791 and RFC 8200. */
const ICMP = { family: AF_INET, protocol: 1, request: 8, reply: 0, short: 548 };
const ICMPV6 = { family: AF_INET6, protocol: 58, request: 128, reply: 129, short: 1232 };

const TRIES = 3;
/** Milliseconds to wait for the answers of a try. */
const WAIT_MS = 150;
/** An ICMP header is as long as a UDP header. */
const HEADER = 8;
const SLOTS = 32;
const STRIDE = 128;

/** RFC 1071. The kernel computes the checksum of ICMPv6. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function echoRequest(type: number, identifier: number, sequence: number, length: number): Uint8Array {
  const bytes = new Uint8Array(HEADER + length);
  const fields = new DataView(bytes.buffer);
  fields.setUint8(0, type);
  fields.setUint16(4, identifier);
  fields.setUint16(6, sequence);
  if (type === ICMP.request) fields.setUint16(2, checksum(bytes));
  return bytes;
}

/** Returns the sequence number of an answer to us. An IPv4 socket delivers the message with its IP header. */
function answerIn(bytes: Uint8Array, four: boolean, identifier: number): number | undefined {
  const at = four ? ((bytes[0] ?? 0) & 15) * 4 : 0;
  if (bytes.length < at + HEADER || bytes[at] !== (four ? ICMP : ICMPV6).reply) return undefined;
  const fields = new DataView(bytes.buffer, bytes.byteOffset + at);
  return fields.getUint16(4) === identifier ? fields.getUint16(6) : undefined;
}

/** Opens a raw socket whose packets take the path of the collector's datagrams. Throws ShimError without permission. */
function openEcho(address: Uint8Array, parts: SocketParts, interfaceIndex: number, identifier: number) {
  const { sockets, config } = parts;
  const four = address.length === 4;
  const { family, protocol, request } = four ? ICMP : ICMPV6;
  const where = config.namespace === undefined ? [] : [namespacePath(config.namespace)];
  const to = destination(address, { ...parts, config: { ...config, udpport: 0 } }, interfaceIndex);
  const fd = sockets.socket(family, SOCK_RAW, protocol, ...where);
  setPath(sockets, fd, !four, interfaceIndex);
  markOwnTraffic(sockets, fd);
  const batch = makeReceiveBatch(sockets.layout, SLOTS, STRIDE);
  return {
    ask(sequence: number, length: number): void {
      const bytes = echoRequest(request, identifier, sequence, length);
      sockets.send(fd, bytes, Uint32Array.of(0), Uint32Array.of(bytes.length), 0, 1, to);
    },
    /** Returns the sequence numbers of the answers that have arrived. */
    answers(): number[] {
      const count = Math.max(0, sockets.receive(fd, batch));
      return Array.from({ length: count }, (_, i) => messageBytes(sockets.layout, batch, i)).flatMap(
        (message) => answerIn(message, four, identifier) ?? [],
      );
    },
    close: () => sockets.close(fd),
  };
}

/** Returns the length of datagrams to `address` that every path carries in one packet. */
export const shortLength = (address: Uint8Array): number => (address.length === 4 ? ICMP : ICMPV6).short;

/**
 * Tells whether the path loses packets of `length` bytes of payload, but not short ones. False if that cannot be found
 * out: the host answers no echo requests, or this process may not send them. `identifier` is a number of 16 bits.
 */
export async function losesLong(
  address: Uint8Array,
  parts: SocketParts,
  { interfaceIndex, length, identifier }: { interfaceIndex: number; length: number; identifier: number },
): Promise<boolean> {
  let echo: ReturnType<typeof openEcho>;
  try {
    echo = openEcho(address, parts, interfaceIndex, identifier);
  } catch {
    return false;
  }
  const answered = new Set<number>();
  for (let i = 0; i < TRIES; i++) {
    // Even numbers are short, odd ones long.
    echo.ask(2 * i, shortLength(address));
    echo.ask(2 * i + 1, length);
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    for (const sequence of echo.answers()) answered.add(sequence);
    if ([...answered].some((sequence) => sequence % 2 === 1)) break;
  }
  echo.close();
  return answered.size > 1 && [...answered].every((sequence) => sequence % 2 === 0);
}
