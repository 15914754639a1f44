// Converts messages of the psample channel to samples: interface, direction, header, and missing samples.

import { hasEthernetHeader } from "../../capture/af-packet.ts";
import { ipHeaderProtocol } from "../../capture/fill.ts";
import { Direction } from "../../capture/ports.ts";
import type { SampledFrame, SampleStream } from "../../flow/flows.ts";
import type { Adaptor, Interfaces } from "../../interfaces/adaptor.ts";
import type { Message } from "../../netlink/message.ts";
import { PsampleReader } from "../../netlink/psample.ts";
import { HeaderProtocol } from "../../packet/packet.ts";
import type { PsampleConfig } from "./config.ts";
import { GroupSequence } from "./group-sequence.ts";
import { recordsOf } from "./records.ts";
import type { SampledInterfaces } from "./sampled-interfaces.ts";

/** ARPHRD_* of IPoIB and of InfiniBand switch ports. See linux/if_arp.h. */
const ARPHRD_INFINIBAND = 32;
/** header_protocol of InfiniBand, as in sflowtool and hsflowd. */
const INFINIBAND = 18;
/** Octets at the end of a frame that samples never have: Ethernet's check sequence, InfiniBand's two check sums. */
const FCS = 4;
const INFINIBAND_CHECKS = 6;

export interface SampleCounters {
  /** Samples taken. */
  packets: number;
  /** Samples that are missing by the sequence numbers of their group. */
  drops: number;
  /** Samples that arrived after they were counted as missing. */
  outOfOrder: number;
  /** Samples left out because this host has no such interface. */
  unknownInterface: number;
  /** Samples left out because they have neither a link layer nor IP. */
  notIp: number;
  /** Samples left out because they have no group, rate, length or packet. */
  malformed: number;
  /** Samples of groups that the block is not configured for. */
  otherGroups: number;
}

interface Group {
  readonly sequence: GroupSequence;
  /** Missing samples, to be reported with the next accepted sample of the group. */
  missing: number;
}

interface Parts {
  readonly interfaces: Pick<Interfaces, "byIndex">;
  readonly sampled: SampledInterfaces;
  readonly stream: SampleStream;
  readonly settings: { readonly headerBytes: number };
}

export class Samples {
  readonly counters: SampleCounters = {
    packets: 0,
    drops: 0,
    outOfOrder: 0,
    unknownInterface: 0,
    notIp: 0,
    malformed: 0,
    otherGroups: 0,
  };
  #config: PsampleConfig;
  readonly #parts: Parts;
  readonly #reader = new PsampleReader();
  readonly #groups = new Map<number, Group>();
  /** Reused for each sample. */
  readonly #frame: SampledFrame = {
    bytes: new Uint8Array(0),
    offset: 0,
    length: 0,
    frameLength: 0,
    headerProtocol: 0,
    stripped: 0,
    input: 0,
    output: 0,
    direction: Direction.unknown,
    samplingRate: 0,
    seconds: 0,
    nanoseconds: 0,
    records: undefined,
  };

  constructor(config: PsampleConfig, parts: Parts) {
    this.#config = config;
    this.#parts = parts;
  }

  /** Sets the groups to accept. Keeps the sequence numbers of groups that were accepted before. */
  configure(config: PsampleConfig): void {
    this.#config = config;
    for (const group of this.#groups.keys()) if (this.#directionOf(group) === 0) this.#groups.delete(group);
  }

  /** To be called after the channel was closed, so that samples sent meanwhile are not counted as lost. */
  restart(): void {
    this.#groups.clear();
  }

  take(message: Message): void {
    const reader = this.#reader;
    if (!reader.read(message)) return;
    const direction = this.#directionOf(reader.group);
    if (reader.group >= 0 && direction === 0) this.counters.otherGroups++;
    else if (!reader.complete) this.counters.malformed++;
    else this.#accept(message, direction);
  }

  /** Returns the direction of a group; 0 if the block is not configured for the group. */
  #directionOf(group: number): number {
    const { group: first, ingress, egress } = this.#config;
    if (ingress && group === first) return Direction.received;
    return egress && group === first + 1 ? Direction.sent : Direction.unknown;
  }

  #accept(message: Message, direction: number): void {
    const { interfaces, sampled, stream } = this.#parts;
    const reader = this.#reader;
    const group = this.#count(reader.group, reader.sequence);
    const index = direction === Direction.sent ? reader.output : reader.input;
    const adaptor = interfaces.byIndex(index);
    if (adaptor === undefined) {
      this.counters.unknownInterface++;
      return;
    }
    if (!this.#fill(message, direction, adaptor)) {
      this.counters.notIp++;
      return;
    }
    const { missing } = group;
    group.missing = 0;
    const source = sampled.count(index, reader.group, reader.samplingRate, missing);
    if (missing > 0) stream.lose(source, missing);
    stream.add(source, this.#frame);
    this.counters.packets++;
  }

  #count(number: number, sequence: number): Group {
    let group = this.#groups.get(number);
    if (group === undefined) {
      group = { sequence: new GroupSequence(), missing: 0 };
      this.#groups.set(number, group);
    }
    const missing = group.sequence.take(sequence);
    if (missing < 0) {
      this.counters.outOfOrder++;
    } else {
      this.counters.drops += missing;
      group.missing += missing;
    }
    return group;
  }

  /** Returns false if the packet has no header protocol. */
  #fill({ view }: Message, direction: number, adaptor: Adaptor): boolean {
    const reader = this.#reader;
    const frame = this.#frame;
    if (frame.bytes.buffer !== view.buffer) frame.bytes = new Uint8Array(view.buffer);
    frame.offset = view.byteOffset + reader.dataAt;
    frame.length = Math.min(reader.dataLength, reader.originalLength, this.#parts.settings.headerBytes);
    frame.headerProtocol = this.#headerProtocol(adaptor, view.getUint8(reader.dataAt));
    frame.stripped = frame.headerProtocol === INFINIBAND ? INFINIBAND_CHECKS : FCS;
    frame.frameLength = reader.originalLength + frame.stripped;
    frame.input = reader.input;
    frame.output = reader.output;
    frame.direction = direction;
    frame.samplingRate = reader.samplingRate;
    frame.seconds = reader.seconds;
    frame.nanoseconds = reader.nanoseconds;
    frame.records = recordsOf(reader, direction === Direction.received);
    return frame.headerProtocol !== 0;
  }

  #headerProtocol({ hardwareType }: Adaptor, firstOctet: number): number {
    if (hasEthernetHeader(hardwareType)) return HeaderProtocol.ethernet;
    if (hardwareType === ARPHRD_INFINIBAND) return INFINIBAND;
    return ipHeaderProtocol(this.#reader.protocol, firstOctet);
  }
}
