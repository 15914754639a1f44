// The agent's own datagrams, which taps do not sample: each is marked, and comes from a port of the agent's. See
// socket(7), SO_MARK.

import type { Shim } from "../../native-shim/shim.ts";
import { inetAddress, intOption, parseInetAddress } from "../sockets/socket-address.ts";
import { SO_MARK, SOL_SOCKET } from "../sockets/socket-constants.ts";

/**
 * Without the exemption, an interface sampled 1-in-1 would turn each datagram of the agent into a sample in the next
 * datagram, without end. The mark is never set in packets from outside, but any firewall rule or privileged process may
 * set it too, so a packet must also come from a port that the agent holds. The number is small because container
 * networks use bits 6 and above of the mark.
 */
export const OWN_TRAFFIC_MARK = 0x35;

/** Filters have no more sockets than this, so that they stay below the kernel's limit of 4096 instructions. */
const MOST_ENDPOINTS = 100;

/** A socket of the agent, by which taps recognize its datagrams. */
export interface OwnEndpoint {
  /** Local port, which no other socket of the namespace can have. */
  readonly port: number;
  /** Address of the peer, 4 or 16 bytes. */
  readonly destination: Uint8Array;
}

export interface Exemption {
  /** False if the kernel refuses the mark. The datagrams are then sampled like other traffic. */
  readonly marked: boolean;
  /** To be called before datagrams go to another address of the same family. */
  sendsTo(destination: Uint8Array): void;
  /** To be called when the socket is closed. */
  end(): void;
}

interface Entry {
  readonly port: number;
  destination: Uint8Array;
  open: boolean;
}

type Sockets = Pick<Shim, "bind" | "name" | "setOption">;

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((v, i) => v === b[i]);

/** The sockets whose datagrams are exempt from sampling. */
export class OwnTraffic {
  /** Includes closed sockets: their datagrams may still be queued, and the next socket takes their port. */
  readonly #entries = new Set<Entry>();
  readonly #listeners = new Set<() => void>();

  get endpoints(): readonly OwnEndpoint[] {
    return [...this.#entries].slice(-MOST_ENDPOINTS);
  }

  /** Calls `listener` after each change of `endpoints`. Returns a function that removes it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Exempts the datagrams of an unbound UDP socket. To be called before it sends the first. */
  exempt(sockets: Sockets, fd: number, destination: Uint8Array): Exemption {
    const entry = markOwnTraffic(sockets, fd) ? this.#bind(sockets, fd, destination) : undefined;
    return {
      marked: entry !== undefined,
      sendsTo: (next) => this.#sendsTo(entry, next),
      end: () => {
        if (entry !== undefined) entry.open = false;
      },
    };
  }

  /** Binds to the port of a closed socket if possible, so that no filter must change. */
  #bind(sockets: Sockets, fd: number, destination: Uint8Array): Entry | undefined {
    const closed = [...this.#entries].filter(
      ({ open, destination: { length } }) => !open && length === destination.length,
    );
    for (const entry of closed) {
      if (tryBind(sockets, fd, destination.length, entry.port) === undefined) {
        this.#entries.delete(entry);
        continue;
      }
      entry.open = true;
      this.#sendsTo(entry, destination);
      return entry;
    }
    const port = tryBind(sockets, fd, destination.length, 0);
    if (port === undefined) return undefined;
    const entry = { port, destination, open: true };
    this.#entries.add(entry);
    this.#changed();
    return entry;
  }

  #sendsTo(entry: Entry | undefined, destination: Uint8Array): void {
    if (entry === undefined || sameBytes(entry.destination, destination)) return;
    entry.destination = destination;
    this.#changed();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/**
 * Marks all packets that `fd` sends. Returns false if the kernel refuses. Setting the mark needs CAP_NET_ADMIN, or
 * CAP_NET_RAW since Linux 5.17.
 */
export function markOwnTraffic(sockets: Pick<Shim, "setOption">, fd: number): boolean {
  try {
    sockets.setOption(fd, SOL_SOCKET, SO_MARK, intOption(OWN_TRAFFIC_MARK));
    return true;
  } catch {
    return false;
  }
}

/** Returns the port; undefined if the kernel refuses. Port 0: the kernel chooses one. */
function tryBind(sockets: Sockets, fd: number, addressBytes: number, port: number): number | undefined {
  try {
    sockets.bind(fd, inetAddress(new Uint8Array(addressBytes), port));
    return parseInetAddress(sockets.name(fd))?.port;
  } catch {
    return undefined;
  }
}
