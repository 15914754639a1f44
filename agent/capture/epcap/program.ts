// The BPF program of a tap, for one direction. See linux/bpf.h: struct __sk_buff and the helpers; tcx programs in
// linux/pkt_cls.h.

import { PACKET_OUTGOING } from "../../sockets/socket-constants.ts";
import { OWN_TRAFFIC_MARK } from "../own-traffic.ts";
import * as bpf from "./assembler.ts";
import {
  If,
  type Instruction,
  labelled,
  Operation,
  r0,
  r1,
  r2,
  r3,
  r4,
  r5,
  r6,
  r7,
  r8,
  r9,
  Size,
} from "./assembler.ts";
import type { Direction } from "./kernel.ts";
import { SampleRecord, SharedMap, TapMap } from "./layout.ts";
import { ownDatagram } from "./own-datagram.ts";
import { PLACE_BITS, QUANTILE_BITS, QUANTILES } from "./waits.ts";

/** Offsets in struct __sk_buff. */
export const Packet = {
  length: 0,
  type: 4,
  mark: 8,
  protocol: 16,
  vlanPresent: 20,
  vlanTag: 24,
  vlanProtocol: 28,
  arrival: 36,
} as const;

/** Numbers of enum bpf_func_id. */
export const Helper = {
  time: 5,
  random: 7,
  processor: 8,
  loadBytes: 26,
  loadBytesRelative: 68,
  reserve: 131,
  submit: 132,
} as const;

/** BPF_HDR_START_NET */
export const NETWORK_HEADER = 1;
/** Lets the next program decide: TCX_NEXT. */
const NEXT = -1;
/** Octets of the two addresses of an Ethernet header. */
const ADDRESSES = 12;

export interface TapProgram {
  readonly direction: Direction;
  /** Whether packets begin with an Ethernet header. Otherwise the program skips any header before that of IP. */
  readonly isEthernet: boolean;
  /** The number of the tap in its records. */
  readonly tap: number;
  /** The most octets that a record has of a packet. */
  readonly mostBytes: number;
  /** A power of two that is at least the number of processors. */
  readonly processors: number;
  /** Descriptors of maps. */
  readonly maps: { readonly tap: number; readonly shared: number; readonly ring: number };
}

/** Octets of a record. */
export const recordBytes = (mostBytes: number): number => SampleRecord.packet + mostBytes;

/** Takes one step of the wait of this processor. Goes to "due" if the wait is over. Keeps the packet in r6. */
const countDown = ({ processors, maps }: TapProgram): Instruction[] => [
  bpf.copy(r6, r1),
  bpf.call(Helper.processor),
  bpf.computeValue(Operation.and, r0, processors - 1),
  bpf.computeValue(Operation.shiftLeft, r0, Math.log2(TapMap.line)),
  bpf.loadMapValue(r7, maps.tap, TapMap.waits),
  bpf.compute(Operation.add, r7, r0),
  bpf.loadMapValue(r8, maps.tap, 0),
  bpf.load(Size.double, r1, r8, TapMap.step),
  bpf.load(Size.double, r2, r7, 0),
  bpf.jumpIf(If.below, r2, r1, "due"),
  bpf.compute(Operation.subtract, r2, r1),
  bpf.store(Size.double, r7, 0, r2),
  ...labelled("next", [bpf.set(r0, NEXT), bpf.exit]),
];

/** Draws a wait into r4. Goes to `last` if it is in the last interval, which has no end. */
const drawWait = (shared: number, last: string): Instruction[] => [
  bpf.call(Helper.random),
  bpf.copy(r1, r0),
  bpf.computeValue(Operation.and, r0, QUANTILES - 1),
  bpf.computeValue(Operation.shiftRight, r1, QUANTILE_BITS),
  bpf.computeValue(Operation.and, r1, (1 << PLACE_BITS) - 1),
  bpf.copy(r2, r0),
  bpf.computeValue(Operation.shiftLeft, r2, 3),
  bpf.loadMapValue(r3, shared, SharedMap.quantiles),
  bpf.compute(Operation.add, r3, r2),
  bpf.load(Size.double, r4, r3, 0),
  bpf.load(Size.double, r5, r3, 8),
  bpf.compute(Operation.subtract, r5, r4),
  bpf.compute(Operation.multiply, r5, r1),
  bpf.computeValue(Operation.shiftRight, r5, PLACE_BITS),
  ...(last === "" ? [] : [bpf.jumpIfValue(If.equal, r0, QUANTILES - 1, last)]),
  bpf.compute(Operation.add, r4, r5),
];

/** Begins the next wait. The agent's own datagrams are no samples, and do not change what the others are. */
const beginWait = (program: TapProgram): Instruction[] => [
  ...labelled("due", drawWait(program.maps.shared, "late")),
  ...labelled("drawn", [bpf.store(Size.double, r7, 0, r4)]),
  bpf.load(Size.word, r1, r6, Packet.mark),
  bpf.jumpIfValue(If.notEqual, r1, OWN_TRAFFIC_MARK, "sample"),
  ...ownDatagram(program.maps.shared, "next", "sample"),
];

/** Continues a draw in the last interval. */
const drawLate = ({ maps }: TapProgram): Instruction[] => [
  ...labelled("late", [bpf.copy(r9, r4)]),
  ...drawWait(maps.shared, ""),
  bpf.compute(Operation.add, r4, r9),
  bpf.jump("drawn"),
];

const reserve = ({ maps, mostBytes }: TapProgram): Instruction[] => [
  ...labelled("sample", [bpf.loadMap(r1, maps.ring)]),
  bpf.set(r2, recordBytes(mostBytes)),
  bpf.set(r3, 0),
  bpf.call(Helper.reserve),
  bpf.jumpIfValue(If.notEqual, r0, 0, "reserved"),
  bpf.set(r1, 1),
  bpf.addToMemory(r8, TapMap.drops, r1),
  bpf.jump("next"),
  ...labelled("reserved", [bpf.copy(r9, r0)]),
];

/** Copies the beginning of the packet. A packet that is shorter than its own headers has no octets. */
const copyPacket = ({ isEthernet, mostBytes }: TapProgram): Instruction[] => [
  bpf.load(Size.word, r4, r6, Packet.length),
  bpf.store(Size.word, r9, SampleRecord.wireLength, r4),
  bpf.load(Size.word, r1, r8, TapMap.headerBytes),
  bpf.jumpIf(If.below, r4, r1, "whole"),
  bpf.copy(r4, r1),
  ...labelled("whole", [bpf.jumpIfValue(If.atMost, r4, mostBytes, "bounded")]),
  bpf.set(r4, mostBytes),
  ...labelled("bounded", [bpf.store(Size.word, r9, SampleRecord.captured, r4)]),
  bpf.jumpIfValue(If.below, r4, 1, "copied"),
  bpf.copy(r1, r6),
  bpf.set(r2, 0),
  bpf.copy(r3, r9),
  bpf.computeValue(Operation.add, r3, SampleRecord.packet),
  ...(isEthernet ? [bpf.call(Helper.loadBytes)] : [bpf.set(r5, NETWORK_HEADER), bpf.call(Helper.loadBytesRelative)]),
  bpf.jumpIfValue(If.equal, r0, 0, "copied"),
  bpf.storeValue(Size.word, r9, SampleRecord.captured, 0),
  ...labelled("copied", [bpf.storeValue(Size.word, r9, SampleRecord.start, SampleRecord.packet)]),
];

/** Puts back the VLAN tag that the kernel removed: writes the addresses 4 octets before, and the tag behind them. */
const putTag = (): Instruction[] => [
  bpf.load(Size.word, r1, r6, Packet.vlanPresent),
  bpf.jumpIfValue(If.equal, r1, 0, "untagged"),
  bpf.copy(r1, r6),
  bpf.set(r2, 0),
  bpf.copy(r3, r9),
  bpf.computeValue(Operation.add, r3, SampleRecord.tagged),
  bpf.set(r4, ADDRESSES),
  bpf.call(Helper.loadBytes),
  bpf.load(Size.word, r1, r6, Packet.vlanProtocol),
  bpf.store(Size.half, r9, SampleRecord.tagged + ADDRESSES, r1),
  bpf.load(Size.word, r1, r6, Packet.vlanTag),
  bpf.networkHalf(r1),
  bpf.store(Size.half, r9, SampleRecord.tagged + ADDRESSES + 2, r1),
  bpf.storeValue(Size.word, r9, SampleRecord.start, SampleRecord.tagged),
  ...[SampleRecord.wireLength, SampleRecord.captured].flatMap((at) => [
    bpf.load(Size.word, r1, r9, at),
    bpf.computeValue(Operation.add, r1, SampleRecord.packet - SampleRecord.tagged),
    bpf.store(Size.word, r9, at, r1),
  ]),
];

const describe = ({ tap, direction }: TapProgram): Instruction[] => [
  ...labelled("untagged", [bpf.call(Helper.time)]),
  bpf.store(Size.double, r9, SampleRecord.time, r0),
  bpf.storeValue(Size.word, r9, SampleRecord.tap, tap),
  bpf.load(Size.word, r1, r8, TapMap.samplingRate),
  bpf.store(Size.word, r9, SampleRecord.samplingRate, r1),
  bpf.load(Size.word, r1, r6, Packet.protocol),
  bpf.store(Size.half, r9, SampleRecord.protocol, r1),
  ...(direction === "in" ? [bpf.load(Size.word, r1, r6, Packet.type)] : [bpf.set(r1, PACKET_OUTGOING)]),
  bpf.store(Size.half, r9, SampleRecord.packetType, r1),
  ...(direction === "in" ? [bpf.set(r1, 0)] : [bpf.load(Size.word, r1, r6, Packet.arrival)]),
  bpf.store(Size.word, r9, SampleRecord.arrival, r1),
  bpf.load(Size.word, r1, r6, Packet.mark),
  bpf.store(Size.word, r9, SampleRecord.mark, r1),
];

/** Hands over the record. The kernel wakes the reader if it had read all records before. */
const submit: readonly Instruction[] = [bpf.copy(r1, r9), bpf.set(r2, 0), bpf.call(Helper.submit), bpf.jump("next")];

/**
 * Returns a program that samples packets, and lets all of them pass. A packet that is no sample costs the instructions
 * up to the first exit.
 */
export const tapProgram = (program: TapProgram): Uint8Array =>
  bpf.assemble([
    ...countDown(program),
    ...beginWait(program),
    ...reserve(program),
    ...copyPacket(program),
    ...(program.isEthernet ? putTag() : []),
    ...describe(program),
    ...submit,
    ...drawLate(program),
  ]);
