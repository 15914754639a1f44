// Counts what the demo's collector receives, and what was lost on the way. See sFlow v5, section 5, flow_sample.

import { type DataSource, showDataSource } from "../../sflow/data-source.ts";
import type { Datagram, DecodedFlowSample } from "../../sflow/decode/values.ts";

interface Seen {
  sequenceNumber: number;
  drops: number;
}

/** Counts datagrams and samples, and finds lost samples by the sequence numbers and the drops of each data source. */
export class Tally {
  readonly #seen = new Map<string, Seen>();
  datagrams = 0;
  samples = 0;
  /** Sampled packets, and the packets for which they stand. */
  sampledPackets = 0;
  packets = 0;
  /** Packet samples that were lost in a buffer of the kernel, before the agent or before this collector. */
  lost = 0;

  add(datagram: Datagram): void {
    this.datagrams++;
    this.samples += datagram.samples.length;
    for (const sample of datagram.samples) if (sample.kind === "flow") this.#addFlow(sample);
  }

  #addFlow({ source, sequenceNumber, drops, samplingRate }: DecodedFlowSample): void {
    const seen = this.#seenOf(source);
    this.sampledPackets++;
    this.packets += samplingRate;
    this.lost += Math.max(0, sequenceNumber - seen.sequenceNumber - 1) + Math.max(0, drops - seen.drops);
    seen.sequenceNumber = sequenceNumber;
    seen.drops = drops;
  }

  #seenOf(source: DataSource): Seen {
    const name = showDataSource(source);
    const seen = this.#seen.get(name) ?? { sequenceNumber: 0, drops: 0 };
    this.#seen.set(name, seen);
    return seen;
  }
}
