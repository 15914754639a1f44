// Flow samples with their sampled packet decoded: the input of the checks of sampling.

import type { Layers } from "../../agent/packet/layers.ts";
import { decodePacket, makePacket } from "../../agent/packet/packet.ts";
import type { Port } from "../../agent/sflow/decode/values.ts";
import { recordOf } from "../../agent/sflow/decode.ts";
import { sampledHeader } from "../../agent/sflow/records/flow/sampled-header.ts";
import type { ValueOf } from "../../agent/xdr/type.ts";
import type { Numbered } from "./expectation.ts";
import { type PlacedFlow, perStream, type Stream } from "./stream.ts";

export interface Sampled extends PlacedFlow {
  readonly header: ValueOf<typeof sampledHeader>;
  readonly layers: Layers;
}

/** Samples that have a header. */
export const sampledPackets = perStream(({ flows }) =>
  flows.flatMap((flow): Sampled[] => {
    const header = recordOf(flow.sample.records, sampledHeader);
    if (header === undefined) return [];
    const packet = makePacket();
    decodePacket(packet, header.protocol, header.header, 0, header.header.length);
    return [{ ...flow, header, layers: packet.outer }];
  }),
);

/** 0x3fffffff as hsflowd sends it, 0xffffffff as the erratum has it for expanded samples. */
export const isInternal = ({ format, value }: Port): boolean =>
  format === 0 && (value === 0x3fff_ffff || value === 0xffff_ffff);

/** The direction as the sample has it; undefined where neither end is the host itself. */
export function directionOf({ sample }: PlacedFlow): "received" | "sent" | undefined {
  if (isInternal(sample.output)) return "received";
  return isInternal(sample.input) ? "sent" : undefined;
}

export interface NumberedSample extends Sampled {
  readonly number: number;
}

/** Samples of the numbered load, by number. */
export function numberedSamples(stream: Stream, { port }: Numbered): NumberedSample[] {
  const found = sampledPackets(stream).flatMap((sampled): NumberedSample[] => {
    const { destinationPort, payload } = sampled.layers;
    const { header } = sampled.header;
    if (destinationPort !== port || payload < 0 || payload + 4 > header.length) return [];
    return [{ ...sampled, number: new DataView(header.buffer, header.byteOffset).getUint32(payload) }];
  });
  return found.sort((a, b) => a.number - b.number);
}
