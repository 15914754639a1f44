// The kernel's end of netlink's route family: links that a test adds, changes and removes. rtnetlink(7)

import {
  AF_NETLINK,
  NETLINK_ADD_MEMBERSHIP,
  NETLINK_ROUTE,
  SOL_NETLINK,
} from "../../agent/sockets/socket-constants.ts";
import { addressMessages, type FakeLink, linkMessage, memberStatsMessage, statsMessage } from "./link-message.ts";
import type { FakeShim } from "./shim.ts";
import type { FakeSocket } from "./socket.ts";

const Message = {
  newLink: 16,
  deleteLink: 17,
  getLink: 18,
  newAddress: 20,
  deleteAddress: 21,
  getAddress: 22,
  getStats: 94,
};
const MULTI = 2;
const INTERRUPTED = 0x10;
const ENODEV = 19;
const SLAVE_STATS = 4;

export interface RouteKernel {
  readonly links: ReadonlyMap<number, FakeLink>;
  /** Adds or changes a link, and sends a notice. */
  put(link: FakeLink): void;
  /** Changes a link without a notice, as counters change. */
  set(link: FakeLink): void;
  remove(index: number): void;
  removeAddress(index: number, bytes: readonly number[]): void;
  /** Drops the notices that were sent and not yet received. */
  overflow(): void;
  /** Marks the next dumps, this many, as interrupted by a change. */
  interrupt(times: number): void;
  /** Sends a datagram as it is to every listener. */
  tell(bytes: Uint8Array): void;
  /** Types of the requests so far, for one link or a dump. */
  readonly asked: string[];
}

const u32 = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer).getUint32(at, true);

function error(sequence: number, errno: number): Uint8Array {
  const bytes = new Uint8Array(36);
  new Uint32Array(bytes.buffer).set([36, 2, sequence, 0]);
  new Int32Array(bytes.buffer)[4] = -errno;
  return bytes;
}

function done(sequence: number, flags: number): Uint8Array {
  const bytes = new Uint8Array(20);
  new Uint32Array(bytes.buffer).set([20, 3 | (flags << 16), sequence, 0, 0]);
  return bytes;
}

export function makeRouteKernel(shim: FakeShim, ...initial: FakeLink[]): RouteKernel {
  const links = new Map(initial.map((link) => [link.index, link]));
  const asked: string[] = [];
  let interruptions = 0;

  shim.onOpen = (socket) => {
    if (socket.domain === AF_NETLINK && socket.protocol === NETLINK_ROUTE) socket.answer = answer;
  };

  const listening = (): FakeSocket[] =>
    shim.open.filter(
      ({ domain, options }) => domain === AF_NETLINK && options.has(`${SOL_NETLINK}/${NETLINK_ADD_MEMBERSHIP}`),
    );

  function answer(request: Uint8Array): Uint8Array[] {
    const type = u32(request, 4) & 0xffff;
    const sequence = u32(request, 8);
    const dump = ((u32(request, 4) >>> 16) & 0x300) !== 0;
    asked.push(`${type}${dump ? " all" : ""}`);
    if (dump) return answerAll(type, sequence);
    const link = links.get(u32(request, 20));
    if (link === undefined) return [error(sequence, ENODEV)];
    const members = type === Message.getStats && u32(request, 24) === SLAVE_STATS;
    const one = members ? memberStatsMessage(sequence, link) : describe(type, 0, sequence, link)[0];
    return one === undefined ? [error(sequence, 0)] : [one, error(sequence, 0)];
  }

  /** Two links a datagram, so that every dump has several datagrams. */
  function answerAll(type: number, sequence: number): Uint8Array[] {
    const flags = MULTI | (interruptions > 0 ? INTERRUPTED : 0);
    if (interruptions > 0) interruptions--;
    const messages = [...links.values()].flatMap((link) => describe(type, MULTI, sequence, link));
    const datagrams: Uint8Array[] = [];
    for (let i = 0; i < messages.length; i += 2) {
      datagrams.push(new Uint8Array(messages.slice(i, i + 2).flatMap((message) => [...message])));
    }
    return [...datagrams, done(sequence, flags)];
  }

  function describe(type: number, flags: number, sequence: number, link: FakeLink): Uint8Array[] {
    if (type === Message.getStats) return [statsMessage(flags, sequence, link)];
    if (type === Message.getAddress) return addressMessages(Message.newAddress, flags, sequence, link);
    return [linkMessage(Message.newLink, flags, sequence, link)];
  }

  function tell(bytes: Uint8Array): void {
    for (const socket of listening()) shim.deliver(socket, { bytes });
  }

  return {
    links,
    asked,
    set: (link) => void links.set(link.index, link),
    put(link) {
      links.set(link.index, link);
      tell(linkMessage(Message.newLink, 0, 0, link));
      for (const address of addressMessages(Message.newAddress, 0, 0, link)) tell(address);
    },
    remove(index) {
      const link = links.get(index);
      links.delete(index);
      if (link !== undefined) tell(linkMessage(Message.deleteLink, 0, 0, link));
    },
    removeAddress(index, bytes) {
      const link = links.get(index);
      if (link === undefined) return;
      const addresses = (link.addresses ?? []).filter((address) => `${address.bytes}` === `${bytes}`);
      for (const message of addressMessages(Message.deleteAddress, 0, 0, { ...link, addresses })) tell(message);
    },
    overflow() {
      for (const socket of listening()) {
        socket.inbox.length = 0;
        shim.fail("receive", "ENOBUFS");
        shim.deliver(socket, { bytes: new Uint8Array(0) });
      }
    },
    interrupt(times) {
      interruptions = times;
    },
    tell,
  };
}
