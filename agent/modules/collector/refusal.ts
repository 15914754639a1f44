// Errors of the kernel on sending a datagram, and ICMP errors about a datagram that was sent: what each means to the
// operator. See udp(7), errno(3), ip-route(8) for types of routes, and icmp(7).

import { isLinkLocal, parseAddress } from "../../config/address.ts";
import type { CollectorConfig } from "./config.ts";

/** The buffer of the socket or of the interface is full: the next datagram may find room. */
const FULL: ReadonlySet<string> = new Set(["EAGAIN", "ENOBUFS", "ENOMEM"]);

/** No route leads to the address, but one may lead to another address of the same name. */
const UNREACHABLE: ReadonlySet<string> = new Set(["ENETUNREACH", "EHOSTUNREACH"]);

const REFUSALS: ReadonlyMap<string, string> = new Map([
  ["EPERM", "a firewall rule on this host blocks it"],
  ["EACCES", "a prohibit route, a prohibit rule or a security policy forbids it, or it is a broadcast address"],
  ["ENETUNREACH", "no route leads to it"],
  ["EHOSTUNREACH", "an unreachable route rejects it"],
  ["EINVAL", "a blackhole route or a blackhole rule discards it"],
  ["ENETDOWN", "the interface is down"],
  ["ENODEV", "the interface was removed"],
  ["EADDRNOTAVAIL", "no interface has an address to send from"],
  ["EAFNOSUPPORT", "this host has no IPv6"],
  ["EMSGSIZE", "the datagram is larger than the interface allows; lower datagramBytes"],
]);

const ANSWERS: ReadonlyMap<string, string> = new Map([
  ["ENETUNREACH", "a router has no route to it"],
  ["EHOSTUNREACH", "the next hop does not answer, or a router rejects it"],
  ["EMSGSIZE", "the datagram is larger than the path allows; lower datagramBytes"],
]);

export const isFull = (error: string): boolean => FULL.has(error);
export const isUnreachable = (error: string): boolean => UNREACHABLE.has(error);

type Place = Pick<CollectorConfig, "ip" | "dev">;

/** Tells whether a link-local address lacks its interface, for which the kernel has the error of a blackhole route. */
export function lacksInterface({ ip, dev }: Place): boolean {
  const address = parseAddress(ip);
  return address !== undefined && isLinkLocal(address) && dev === undefined;
}

const named = (error: string, meaning: string | undefined): string =>
  meaning === undefined ? error : `${error}, ${meaning}`;

/**
 * Returns the name of the errno with which the kernel refused to send, and its meaning; what follows a semicolon is the
 * remedy.
 */
export const describeRefusal = (error: string, place: Place): string =>
  error === "EINVAL" && lacksInterface(place)
    ? `${error}, a link-local address needs its interface`
    : named(error, REFUSALS.get(error));

/** Returns the name of the errno of an ICMP error with its meaning. */
export const describeAnswer = (error: string): string => named(error, ANSWERS.get(error));
