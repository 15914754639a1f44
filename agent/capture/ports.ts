// Finds the input and output port of a captured packet. See sFlow v5, section 5 "interface"; packet types in packet(7).

import type { Adaptor, Interfaces } from "../interfaces/adaptor.ts";
import { uint48 } from "../packet/bytes.ts";
import { INTERNAL, UNKNOWN_PORT } from "../sflow/port.ts";
import { PACKET_HOST, PACKET_OTHERHOST, PACKET_OUTGOING } from "../sockets/socket-constants.ts";
import { PACKET_UNKNOWN } from "./af-packet.ts";

export const Direction = { unknown: 0, received: 1, sent: 2 } as const;

/** Input, output and direction of one packet. `resolve` reuses the object for each packet. */
export interface Ports {
  input: number;
  output: number;
  direction: number;
}

const MULTICAST_BIT = 0x01;

/** Returns the interfaces of this host by MAC address, without addresses that several interfaces have. */
export function interfacesByMac(interfaces: Pick<Interfaces, "all">): Map<number, number> {
  const found = new Map<number, number>();
  for (const { mac, index } of interfaces.all()) {
    if (mac.length !== 6) continue;
    const key = uint48(mac, 0);
    found.set(key, found.has(key) ? UNKNOWN_PORT : index);
  }
  return found;
}

/**
 * Finds the ports of the packets of one interface. The kernel's packet type says whether a packet was sent or received,
 * and whether it is for this host. This is enough except on a bridge, where input or output may be a port of the
 * bridge. That port is found by MAC, if an interface of this host has the MAC.
 */
export class PortResolver {
  readonly ports: Ports = { input: 0, output: 0, direction: 0 };
  readonly #index: number;
  readonly #bridge: boolean;
  readonly #mac: number;
  readonly #byMac: () => ReadonlyMap<number, number>;

  constructor(adaptor: Adaptor, byMac: () => ReadonlyMap<number, number>) {
    this.#index = adaptor.index;
    this.#bridge = adaptor.kind === "bridge";
    this.#mac = adaptor.mac.length === 6 ? uint48(adaptor.mac, 0) : -1;
    this.#byMac = byMac;
  }

  /**
   * `ethernet` is the offset of the Ethernet header in `bytes`, -1 if there is none. `arrival` is the interface by
   * which a packet that is sent has arrived, 0 if unknown.
   */
  resolve(packetType: number, bytes: Uint8Array, ethernet: number, arrival = 0): void {
    const type = packetType === PACKET_UNKNOWN ? this.#guess(bytes, ethernet) : packetType;
    const { ports } = this;
    if (type === PACKET_UNKNOWN) {
      ports.direction = Direction.unknown;
      ports.input = UNKNOWN_PORT;
      ports.output = UNKNOWN_PORT;
    } else if (type === PACKET_OUTGOING) {
      ports.direction = Direction.sent;
      ports.input = arrival === 0 ? INTERNAL : arrival;
      ports.output = this.#port(bytes, ethernet, this.#index);
    } else {
      const forOthers = type === PACKET_OTHERHOST;
      ports.direction = Direction.received;
      ports.input = this.#port(bytes, ethernet + 6, this.#bridge && forOthers ? UNKNOWN_PORT : this.#index);
      ports.output = forOthers ? this.#port(bytes, ethernet, UNKNOWN_PORT) : INTERNAL;
    }
  }

  /** Returns the port of the bridge that has the MAC at `at`, else `otherwise`. Other interfaces have no ports. */
  #port(bytes: Uint8Array, at: number, otherwise: number): number {
    if (!this.#bridge) return otherwise;
    const found = this.#byMac().get(uint48(bytes, at));
    return found === undefined || found === UNKNOWN_PORT || found === this.#index ? otherwise : found;
  }

  /** Guesses the packet type from the addresses of frame and interface, for engines that do not know it. */
  #guess(bytes: Uint8Array, ethernet: number): number {
    if (ethernet < 0 || this.#mac < 0) return PACKET_UNKNOWN;
    if (uint48(bytes, ethernet + 6) === this.#mac) return PACKET_OUTGOING;
    const group = ((bytes[ethernet] as number) & MULTICAST_BIT) !== 0;
    return group || uint48(bytes, ethernet) === this.#mac ? PACKET_HOST : PACKET_OTHERHOST;
  }
}
