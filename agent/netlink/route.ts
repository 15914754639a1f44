// Requests about interfaces, addresses and routes, and the groups that report changes. See linux/rtnetlink.h,
// rtnetlink(7).

import { eachAttribute, makeAttribute, makeText, makeUint32, unsigned } from "./attribute.ts";
import { AF_INET, AF_INET6, LITTLE_ENDIAN, type Message, MessageFlag, makeMessage } from "./message.ts";

export const RouteMessage = {
  newLink: 16,
  deleteLink: 17,
  getLink: 18,
  newAddress: 20,
  deleteAddress: 21,
  getAddress: 22,
  newRoute: 24,
  getRoute: 26,
  newStats: 92,
  getStats: 94,
} as const;

/** RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR. */
export const LINK_AND_ADDRESS_GROUPS = [1, 5, 9] as const;

/** RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE. */
export const ROUTE_GROUPS = [7, 11] as const;

const IFLA_IFNAME = 3;
const IFLA_ALT_IFNAME = 53;
/** Longest name, with its zero byte. An alternative name may have 128 bytes. */
const IFNAMSIZ = 16;
const IFLA_EXT_MASK = 29;
/**
 * Asks the kernel to leave out counters. They are a fifth of the answer, and summing them over processors takes time.
 */
const RTEXT_FILTER_SKIP_STATS = 1 << 3;

const IFLA_STATS_LINK_64 = 1;
const IFLA_STATS_LINK_XSTATS_SLAVE = 3;
const filterBit = (attribute: number): number => 1 << (attribute - 1);

/** Requests one interface without counters, or all interfaces if `index` is 0. The body is a struct ifinfomsg. */
export function linkRequest(sequence: number, index: number): Uint8Array {
  const body = new Uint8Array(16);
  new DataView(body.buffer).setInt32(4, index, LITTLE_ENDIAN);
  const mask = makeAttribute(IFLA_EXT_MASK, makeUint32(RTEXT_FILTER_SKIP_STATS));
  return makeMessage(RouteMessage.getLink, request(index), sequence, body, mask);
}

/**
 * Requests the interface with this name, which may be an alternative name. Each attribute finds both, but IFLA_IFNAME
 * must not be longer than a name, and IFLA_ALT_IFNAME is known from Linux 5.5 on. The body is a struct ifinfomsg.
 */
export function linkByNameRequest(sequence: number, name: string): Uint8Array {
  const text = makeText(name);
  const attribute = makeAttribute(text.length <= IFNAMSIZ ? IFLA_IFNAME : IFLA_ALT_IFNAME, text);
  const flags = MessageFlag.request | MessageFlag.acknowledge;
  return makeMessage(RouteMessage.getLink, flags, sequence, new Uint8Array(16), attribute);
}

/** Requests all addresses of all interfaces. The body is a struct ifaddrmsg. */
export const addressRequest = (sequence: number): Uint8Array =>
  makeMessage(RouteMessage.getAddress, request(0), sequence, new Uint8Array(8));

/**
 * Requests 64-bit counters of one interface, or of all if `index` is 0. Body: struct if_stats_msg, from Linux 4.7 on.
 */
export const statsRequest = (sequence: number, index: number): Uint8Array =>
  getStats(sequence, index, filterBit(IFLA_STATS_LINK_64));

/** Requests the counters that a bond keeps of its member `index`. */
export const memberStatsRequest = (sequence: number, index: number): Uint8Array =>
  getStats(sequence, index, filterBit(IFLA_STATS_LINK_XSTATS_SLAVE));

function getStats(sequence: number, index: number, filter: number): Uint8Array {
  const body = new Uint8Array(12);
  const view = new DataView(body.buffer);
  view.setUint32(4, index, LITTLE_ENDIAN);
  view.setUint32(8, filter, LITTLE_ENDIAN);
  return makeMessage(RouteMessage.getStats, request(index), sequence, body);
}

const RTA_DST = 1;
const RTA_OIF = 4;
const RTN_UNICAST = 1;

/** Requests the route of a packet to `address`, 4 or 16 bytes. The body is a struct rtmsg. */
export function routeRequest(sequence: number, address: Uint8Array): Uint8Array {
  const body = new Uint8Array(12);
  body[0] = address.length === 4 ? AF_INET : AF_INET6;
  body[1] = address.length * 8;
  const flags = MessageFlag.request | MessageFlag.acknowledge;
  return makeMessage(RouteMessage.getRoute, flags, sequence, body, makeAttribute(RTA_DST, address));
}

/** Returns the ifIndex of the interface that a route uses; undefined for routes such as unreachable. */
export function readRouteInterface({ type, view, start, end }: Message): number | undefined {
  if (type !== RouteMessage.newRoute || end - start < 12 || view.getUint8(start + 7) !== RTN_UNICAST) return undefined;
  let index: number | undefined;
  eachAttribute(view, start + 12, end, (attribute, at, length) => {
    if (attribute === RTA_OIF) index = unsigned(view, at, length);
  });
  return index;
}

/** Flags of a request. An answer to a request for one object has no end message, so an acknowledgement is requested. */
const request = (index: number): number =>
  MessageFlag.request | (index === 0 ? MessageFlag.dump : MessageFlag.acknowledge);
