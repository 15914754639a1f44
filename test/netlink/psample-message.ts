// Messages of the psample channel, put together as the kernel does. linux/psample.h; net/psample/psample.c

import { makeAttribute, makeUint32 } from "../../agent/netlink/attribute.ts";
import { makeMessage } from "../../agent/netlink/message.ts";

/** The number that the kernel gave to the family in this test. */
export const FAMILY = 0x1b;

export interface Sample {
  readonly input?: number;
  readonly output?: number;
  readonly originalLength?: number;
  readonly group?: number;
  readonly sequence?: number;
  readonly rate?: number;
  readonly data?: Uint8Array;
  readonly queue?: number;
  readonly queueDepth?: bigint;
  readonly latency?: bigint;
  readonly timestamp?: bigint;
  readonly protocol?: number;
  readonly tunnel?: readonly Uint8Array[];
  readonly probability?: boolean;
}

export const uint16 = (value: number): Uint8Array => new Uint8Array(Uint16Array.of(value).buffer);
export const uint64 = (value: bigint): Uint8Array => new Uint8Array(BigUint64Array.of(value).buffer);

const attribute = (type: number, value: Uint8Array | undefined): Uint8Array[] =>
  value === undefined ? [] : [makeAttribute(type, value)];
const wide = (type: number, value: bigint | undefined): Uint8Array[] =>
  attribute(type, value === undefined ? undefined : uint64(value));

/** A frame of 60 octets whose addresses say what it is. */
export const frame = Uint8Array.from({ length: 60 }, (_, i) => [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0][i] ?? i);

/** In the order of the kernel. An attribute without a value here is left out. */
export function sampleAttributes(sample: Sample): Uint8Array[] {
  const { input, output, queue, protocol } = sample;
  const { originalLength = 1514, group = 1, sequence = 0, rate = 100, data = frame } = sample;
  return [
    ...attribute(0, input === undefined ? undefined : uint16(input)),
    ...attribute(1, output === undefined ? undefined : uint16(output)),
    ...attribute(5, makeUint32(rate)),
    ...attribute(2, makeUint32(originalLength)),
    ...attribute(3, makeUint32(group)),
    ...attribute(4, makeUint32(sequence)),
    ...attribute(10, queue === undefined ? undefined : uint16(queue)),
    ...wide(11, sample.queueDepth),
    ...wide(12, sample.latency),
    ...wide(13, sample.timestamp),
    ...attribute(14, protocol === undefined ? undefined : uint16(protocol)),
    ...attribute(6, data),
    ...attribute(8, sample.tunnel === undefined ? undefined : Buffer.concat(sample.tunnel)),
    ...attribute(16, sample.probability === true ? new Uint8Array(0) : undefined),
  ];
}

export const genericMessage = (command: number, ...attributes: readonly Uint8Array[]): Uint8Array =>
  makeMessage(FAMILY, 0, 0, Uint8Array.of(command, 1, 0, 0), ...attributes);

export const sampleMessage = (sample: Sample = {}): Uint8Array => genericMessage(0, ...sampleAttributes(sample));
