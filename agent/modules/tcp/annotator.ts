// Looks up the distinct TCP connections of a batch of sampled packets, and adds a record to each packet.

import { addRecord } from "../../flow/add-record.ts";
import type { FlowBatch, Hold } from "../../flow/flows.ts";
import { FLOW_KEY_WORDS, putFlowKey } from "../../packet/flow-key.ts";
import { IpProtocol } from "../../packet/ip.ts";
import type { Layers } from "../../packet/layers.ts";
import { decodePacket, makePacket } from "../../packet/packet.ts";
import type { FlowRecord } from "../../sflow/record.ts";
import { AF_INET, AF_INET6 } from "../../sockets/socket-constants.ts";
import { KeyTable } from "./key-table.ts";
import type { Tap } from "./local-ends.ts";
import type { Lookup } from "./lookup.ts";
import { Lookups } from "./lookups.ts";
import { Outcome } from "./outcome.ts";
import type { Sample } from "./pending-lookups.ts";
import type { SocketLocator } from "./socket-locator.ts";
import { FACTS, tcpRecord } from "./tcp-record.ts";

export interface SampleCounts {
  /** Number of sampled packets with TCP ports. */
  samples: number;
  /** Number of sampled packets that got a record. */
  annotated: number;
  /** Number of sampled packets in transit: neither source nor destination is on this host. */
  transit: number;
}

export interface AnnotatorParts {
  readonly locator: SocketLocator;
  readonly lookup: Pick<Lookup, "ask" | "hold">;
  /** Look inside tunnels too. */
  readonly tunnel: boolean;
  /** Called for a batch that has packets with no known source or destination on this host. */
  onTransit(): void;
}

/**
 * The direction goes into the upper half of word 9 of a flow key, which is free. A packet on the loopback is seen in
 * both directions, and so belongs to two flows.
 */
const DIRECTION_SHIFT = 16;
const NO_CONNECTION = -1;

/**
 * Adds extended_tcp_info to the sampled packets of a batch. First groups the packets into flows, and the flows into
 * connections. A flow has a direction, so a connection has several flows. All arrays are reused for each batch.
 */
export class Annotator {
  readonly counts: SampleCounts = { samples: 0, annotated: 0, transit: 0 };
  readonly #parts: AnnotatorParts;
  readonly #packet = makePacket();
  readonly #flows = new KeyTable(FLOW_KEY_WORDS);
  readonly #lookups = new Lookups();
  /** One element per packet: the index of the packet's flow, or -1 for a packet without a flow. */
  #flow = new Int32Array(256);
  #packets = 0;
  /** One element per flow: the index of the flow's connection, or NO_CONNECTION. */
  #connection = new Int32Array(64);
  /** One element per flow: the direction of the flow's packets, as seen from the socket on this host. */
  #direction = new Uint8Array(64);
  /** One element per flow: the record that all packets of the flow share. */
  readonly #record: (FlowRecord | undefined)[] = [];

  constructor(parts: AnnotatorParts) {
    this.#parts = parts;
  }

  /** Adds records to the packets of a batch. Calls `hold` if a record must wait for a late answer of the kernel. */
  annotate(batch: FlowBatch, hold: (milliseconds: number) => Hold): void {
    this.#collect(batch);
    if (this.#lookups.count === 0) return;
    this.#parts.lookup.ask(this.#lookups);
    this.#makeRecords();
    this.#addRecords(batch);
    this.#parts.lookup.hold(batch, hold, (connection) => this.#samplesOf(connection));
  }

  #collect(batch: FlowBatch): void {
    const tap = this.#parts.locator.tap(batch.interfaceIndex);
    this.#flows.clear();
    this.#lookups.clear();
    this.#packets = batch.count;
    if (this.#flow.length < batch.count) this.#flow = new Int32Array(batch.count);
    let transit = 0;
    for (let i = 0; i < batch.count; i++) {
      const flow = this.#place(batch, i, tap);
      this.#flow[i] = flow;
      if (flow < 0) continue;
      this.counts.samples++;
      if (this.#connection[flow] === NO_CONNECTION) transit++;
    }
    this.counts.transit += transit;
    if (transit > 0) this.#parts.onTransit();
  }

  /** Returns the index of the packet's flow; -1 for a packet without a flow. */
  #place(batch: FlowBatch, i: number, tap: Tap): number {
    const layers = this.#tcpLayers(batch, i);
    if (layers === undefined) return -1;
    const flows = this.#flows;
    const { next, keys, count } = flows;
    const direction = batch.direction[i] as number;
    putFlowKey(keys, next, batch.bytes, layers, false);
    keys[next + 9] = (keys[next + 9] as number) | (direction << DIRECTION_SHIFT);
    const flow = flows.place();
    if (flow === count) this.#open(flow, tap, direction, layers.ipVersion === 6 ? AF_INET6 : AF_INET);
    return flow;
  }

  #tcpLayers(batch: FlowBatch, i: number): Layers | undefined {
    const packet = this.#packet;
    const offset = batch.offset[i] as number;
    decodePacket(packet, batch.headerProtocol[i] as number, batch.bytes, offset, batch.headerLength[i] as number);
    if (hasTcpPorts(packet.outer)) return packet.outer;
    return this.#parts.tunnel && hasTcpPorts(packet.inner) ? packet.inner : undefined;
  }

  #open(flow: number, tap: Tap, direction: number, family: number): void {
    if (flow >= this.#connection.length) this.#grow();
    const { keys } = this.#flows;
    const at = flow * FLOW_KEY_WORDS;
    const end = this.#parts.locator.ends.resolve(tap, direction, family, keys, at);
    this.#direction[flow] = end.direction;
    this.#connection[flow] = end.slot < 0 ? NO_CONNECTION : this.#lookups.add(keys, at, end, family);
  }

  #grow(): void {
    const connection = this.#connection;
    const direction = this.#direction;
    this.#connection = new Int32Array(connection.length * 2);
    this.#connection.set(connection);
    this.#direction = new Uint8Array(direction.length * 2);
    this.#direction.set(direction);
  }

  #makeRecords(): void {
    const { outcome, facts } = this.#lookups;
    for (let flow = 0; flow < this.#flows.count; flow++) {
      const connection = this.#connection[flow] as number;
      const hit = connection >= 0 && outcome[connection] === Outcome.hit;
      this.#record[flow] = hit ? tcpRecord(this.#direction[flow] as number, facts, connection * FACTS) : undefined;
    }
  }

  #addRecords(batch: FlowBatch): void {
    for (let i = 0; i < batch.count; i++) {
      const flow = this.#flow[i] as number;
      const record = flow < 0 ? undefined : this.#record[flow];
      if (record === undefined) continue;
      addRecord(batch.records, i, record);
      this.counts.annotated++;
    }
  }

  #samplesOf(connection: number): Sample[] {
    const samples: Sample[] = [];
    for (const [packet, flow] of this.#flow.subarray(0, this.#packets).entries()) {
      if (flow < 0 || this.#connection[flow] !== connection) continue;
      samples.push({ packet, direction: this.#direction[flow] as number });
    }
    return samples;
  }
}

const hasTcpPorts = (layers: Layers): boolean => layers.protocol === IpProtocol.tcp && layers.destinationPort >= 0;
