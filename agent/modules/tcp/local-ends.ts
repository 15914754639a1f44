// Which end of a connection has its socket on this host, and in which network namespace.

import { putAddress } from "../../packet/flow-key.ts";
import { AF_INET, AF_INET6 } from "../../sockets/socket-constants.ts";
import { KeyTable } from "./key-table.ts";

/** Where packets were seen. */
export interface Tap {
  readonly interfaceIndex: number;
  readonly master: number;
  readonly bridge: boolean;
  /** To its taps, a VRF shows what it receives as if that were sent. */
  readonly vrf: boolean;
  /** Slot of the namespace that the tap is in. */
  readonly own: number;
  /** Slots of namespaces reached through this very interface: the peer of a veth, the ports of a bridge. */
  readonly attached: ReadonlySet<number>;
}

/** extended_tcp_info, "packet_direction". */
export const Direction = { unknown: 0, received: 1, sent: 2 } as const;

/** What `resolve` found; the object is used again for the next. */
export interface LocalEnd {
  /** DiagNamespace; -1 where neither end is here. */
  slot: number;
  interfaceIndex: number;
  /** `sent` where the source is the local end, `received` where the destination is. */
  direction: number;
}

/**
 * Whose address it is: nobody's here, that of a namespace somewhere on this host, of the tap's own, of one attached to
 * the tap, or of the tap itself. Rising: what is nearer to the tap counts.
 */
const Nearness = { none: 0, elsewhere: 1, own: 2, attached: 3, tap: 4 } as const;

const NOBODY = -1;
const AMBIGUOUS = -2;

/** One end of a packet. */
interface Side {
  nearness: number;
  slot: number;
  interfaceIndex: number;
}

const makeSide = (): Side => ({ nearness: Nearness.none, slot: NOBODY, interfaceIndex: 0 });

/** Every address of every namespace. Nothing is allocated to look one up. */
export class LocalEnds {
  readonly #end: LocalEnd = { slot: NOBODY, interfaceIndex: 0, direction: Direction.unknown };
  /** Family and four words. */
  readonly #addresses = new KeyTable(5, 256);
  /** Entries of one address form a list, for several namespaces, or several interfaces of one, may have it. */
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
   * An address, 4 or 16 bytes, that sockets of namespace `slot` can have, the interface it belongs to there, and the
   * device that they are bound to if they are bound: where the interface is part of a VRF, that is the VRF.
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

  /** The local end of a packet whose flow key is at `at` of `key`: see packet/flow-key.ts. */
  resolve(tap: Tap, seen: number, family: number, key: Uint32Array, at: number): LocalEnd {
    const direction = tap.vrf ? Direction.unknown : seen;
    this.#look(tap, family, key, at, this.#source);
    this.#look(tap, family, key, at + 4, this.#destination);
    // The end that is near when a packet is sent is its source, when it is received its destination.
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
    set(into, Nearness.none, NOBODY, 0);
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
    if (into.slot === AMBIGUOUS) set(into, Nearness.none, NOBODY, 0);
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
    // Two namespaces have it and neither is at this tap: a guess would put one container's figures on another's packet.
    into.slot = AMBIGUOUS;
  }
}

/**
 * Only a bridge has an address and containers behind it at once; elsewhere who has the tap's address is the end of the
 * wire.
 */
function nearnessOf(tap: Tap, slot: number, interfaceIndex: number, device: number): number {
  if (slot !== tap.own) return tap.attached.has(slot) ? Nearness.attached : Nearness.elsewhere;
  const atTap = interfaceIndex === tap.interfaceIndex || device === tap.interfaceIndex;
  return atTap && !tap.bridge ? Nearness.tap : Nearness.own;
}

/**
 * Whether the near end is asked rather than the far one. A container on the tap comes before the host behind it: with
 * address translation between the two, only the container's socket has the addresses that the packet has. Of two
 * containers at one tap, a bridge or the parent of macvlans, it is the one on this side.
 */
function isNearer(near: number, far: number): boolean {
  if (near === Nearness.tap) return true;
  if (far === Nearness.attached) return near === Nearness.attached;
  if (near === Nearness.own) return true;
  return far !== Nearness.elsewhere && near !== Nearness.none;
}

/** The sender where both are possible: it did send the packet, whichever way it went through the tap. */
const isNearerUnknown = (source: number, destination: number): boolean =>
  isHere(source) || (!isHere(destination) && source !== Nearness.none);

const isHere = (nearness: number): boolean => nearness === Nearness.own || nearness === Nearness.tap;

/** 127/8 and ::1 belong to every namespace, configured or not. */
function isLoopback(family: number, key: Uint32Array, at: number): boolean {
  if (family === AF_INET) return (key[at] as number) >>> 24 === 127;
  return key[at] === 0 && key[at + 1] === 0 && key[at + 2] === 0 && key[at + 3] === 1;
}
