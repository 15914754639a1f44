// Finds the local end of a connection, which is the end whose socket is on this host, and its network namespace.

import { Direction } from "../../capture/ports.ts";
import { putAddress } from "../../packet/flow-key.ts";
import { AF_INET, AF_INET6 } from "../../sockets/socket-constants.ts";
import { KeyTable } from "./key-table.ts";

/** The interface at which packets were sampled. */
export interface Tap {
  readonly interfaceIndex: number;
  readonly master: number;
  readonly bridge: boolean;
  /** True for a VRF. Captures on a VRF see received packets as sent ones. */
  readonly vrf: boolean;
  /** The agent's own namespace, as an index in the table of namespaces. */
  readonly own: number;
  /** The namespaces behind this interface: that of a veth's peer, or those behind the ports of a bridge. */
  readonly attached: ReadonlySet<number>;
}

/** The end of a connection whose socket is on this host, as `resolve` returns it. The next call reuses the object. */
export interface LocalEnd {
  /** Index in the table of namespaces (`DiagNamespace.slot`); -1 if neither end is on this host. */
  slot: number;
  interfaceIndex: number;
  /** `sent` if the source is the local end, `received` if the destination is. */
  direction: number;
}

/**
 * Distance of an address from the tap, farthest first: not on this host; in a namespace not attached to the tap; in the
 * agent's own namespace; in a namespace attached to the tap; at the tap itself. The nearest address is chosen.
 */
const Nearness = { none: 0, elsewhere: 1, own: 2, attached: 3, tap: 4 } as const;

const NONE = -1;
const AMBIGUOUS = -2;

/** The source or the destination of a packet. `slot` is an index in the table of namespaces, NONE or AMBIGUOUS. */
interface Side {
  nearness: number;
  slot: number;
  interfaceIndex: number;
}

const makeSide = (): Side => ({ nearness: Nearness.none, slot: NONE, interfaceIndex: 0 });

/** The table of the addresses of all namespaces. A lookup allocates nothing. */
export class LocalEnds {
  readonly #end: LocalEnd = { slot: NONE, interfaceIndex: 0, direction: Direction.unknown };
  /** Gives each address an index. A key is the family and the address, five words. */
  readonly #addresses = new KeyTable(5, 256);
  /**
   * First entry of each address, by the index of the address. Several interfaces may have the same address, so the
   * entries of an address form a linked list in the parallel arrays below, with one element per entry.
   */
  #first: number[] = [];
  #slot: number[] = [];
  #interface: number[] = [];
  #device: number[] = [];
  #next: number[] = [];
  readonly #source = makeSide();
  readonly #destination = makeSide();

  clear(): void {
    this.#addresses.clear();
    this.#first = [];
    this.#slot = [];
    this.#interface = [];
    this.#device = [];
    this.#next = [];
  }

  /**
   * Adds an address of 4 or 16 bytes. `slot` is the index of its namespace in the table of namespaces. `interfaceIndex`
   * is the interface that has the address. `device` is the device to which sockets with this address are bound, if they
   * are bound: the VRF for an interface in a VRF, otherwise the interface itself.
   */
  add(slot: number, address: Uint8Array, interfaceIndex: number, device = interfaceIndex): void {
    const { next, keys } = this.#addresses;
    keys[next] = address.length === 16 ? AF_INET6 : AF_INET;
    putAddress(keys, next + 1, address, 0, address.length === 16 ? 6 : 4);
    if (isLoopback(keys[next] as number, keys, next + 1)) return;
    const index = this.#addresses.place();
    const entry = this.#slot.push(slot) - 1;
    this.#interface.push(interfaceIndex);
    this.#device.push(device);
    this.#next.push(this.#first[index] ?? -1);
    this.#first[index] = entry;
  }

  /** Finds the local end of a packet. Its flow key is at `at` of `key`: see packet/flow-key.ts. */
  resolve(tap: Tap, seen: number, family: number, key: Uint32Array, at: number): LocalEnd {
    const direction = tap.vrf ? Direction.unknown : seen;
    this.#look(tap, family, key, at, this.#source);
    this.#look(tap, family, key, at + 4, this.#destination);
    // The near end of a sent packet is its source. The near end of a received packet is its destination.
    const near = direction === Direction.received ? this.#destination : this.#source;
    const far = near === this.#source ? this.#destination : this.#source;
    const judge = direction === Direction.unknown ? isNearerUnknown : isNearer;
    return this.#settle(judge(near.nearness, far.nearness) ? near : far);
  }

  #settle(side: Side): LocalEnd {
    this.#end.slot = side.slot;
    this.#end.interfaceIndex = side.interfaceIndex;
    this.#end.direction = side === this.#source ? Direction.sent : Direction.received;
    return this.#end;
  }

  #look(tap: Tap, family: number, key: Uint32Array, at: number, into: Side): void {
    set(into, Nearness.none, NONE, 0);
    if (isLoopback(family, key, at)) {
      set(into, Nearness.tap, tap.own, tap.interfaceIndex);
      return;
    }
    const { next, keys } = this.#addresses;
    keys[next] = family;
    for (let i = 0; i < 4; i++) keys[next + 1 + i] = key[at + i] as number;
    const index = this.#addresses.find();
    for (let entry = index < 0 ? -1 : (this.#first[index] as number); entry >= 0; entry = this.#next[entry] as number) {
      const device = this.#device[entry] as number;
      weigh(tap, this.#slot[entry] as number, this.#interface[entry] as number, device, into);
    }
    if (into.slot === AMBIGUOUS) set(into, Nearness.none, NONE, 0);
  }
}

function set(into: Side, nearness: number, slot: number, interfaceIndex: number): void {
  into.nearness = nearness;
  into.slot = slot;
  into.interfaceIndex = interfaceIndex;
}

function weigh(tap: Tap, slot: number, interfaceIndex: number, device: number, into: Side): void {
  const nearness = nearnessOf(tap, slot, interfaceIndex, device);
  const atMaster = nearness === Nearness.own && device === tap.master;
  if (nearness > into.nearness || (nearness === into.nearness && atMaster)) {
    set(into, nearness, slot, device);
  } else if (nearness === Nearness.elsewhere && into.nearness === Nearness.elsewhere && slot !== into.slot) {
    // Two namespaces have this address, and neither is attached to the tap. A guess could add one container's figures
    // to a packet of the other.
    into.slot = AMBIGUOUS;
  }
}

/**
 * Returns the nearness of an address to the tap. The tap's own address is the nearest, except on a bridge, which has
 * both an address and containers behind its ports.
 */
function nearnessOf(tap: Tap, slot: number, interfaceIndex: number, device: number): number {
  if (slot !== tap.own) return tap.attached.has(slot) ? Nearness.attached : Nearness.elsewhere;
  const atTap = interfaceIndex === tap.interfaceIndex || device === tap.interfaceIndex;
  return atTap && !tap.bridge ? Nearness.tap : Nearness.own;
}

/**
 * Returns whether to look up the near end rather than the far one. A container at the tap comes before the host: with
 * address translation between them, only the container's socket has the addresses of the packet. Of two containers at
 * one tap, a bridge or the parent of macvlans, the near one is chosen.
 */
function isNearer(near: number, far: number): boolean {
  if (near === Nearness.tap) return true;
  if (far === Nearness.attached) return near === Nearness.attached;
  if (near === Nearness.own) return true;
  return far !== Nearness.elsewhere && near !== Nearness.none;
}

/** Like isNearer, but for an unknown direction. Prefers the source, because the source certainly sent the packet. */
const isNearerUnknown = (source: number, destination: number): boolean =>
  isHere(source) || (!isHere(destination) && source !== Nearness.none);

const isHere = (nearness: number): boolean => nearness === Nearness.own || nearness === Nearness.tap;

/** Returns true for 127/8 and ::1, which every namespace has, even if they are not configured. */
function isLoopback(family: number, key: Uint32Array, at: number): boolean {
  if (family === AF_INET) return (key[at] as number) >>> 24 === 127;
  return key[at] === 0 && key[at + 1] === 0 && key[at + 2] === 0 && key[at + 3] === 1;
}
