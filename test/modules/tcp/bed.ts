// Runs tcp { } between a flow pipeline and a fake kernel.

import { Pipeline } from "../../../agent/flow/pipeline.ts";
import type { Adaptor } from "../../../agent/interfaces/adaptor.ts";
import type { Logger } from "../../../agent/log/logger.ts";
import { create } from "../../../agent/modules/tcp/index.ts";
import type { Sampler } from "../../../agent/sflow/agent.ts";
import { extendedTcpInfo } from "../../../agent/sflow/records/flow/extended-tcp-info.ts";
import type { SampledPackets } from "../../../agent/sflow/sampled-packets.ts";
import { Cursor } from "../../../agent/xdr/cursor.ts";
import type { ValueOf } from "../../../agent/xdr/type.ts";
import { makeFakeContext } from "../../fakes/context.ts";
import { makeFakeHost } from "../../fakes/host.ts";
import { adaptor, FakeInterfaces } from "../../fakes/interfaces.ts";
import { makeFakeKernel } from "./kernel.ts";

export type TcpInfo = ValueOf<typeof extendedTcpInfo>;

/** The record of a packet; undefined if the packet has no extended_tcp_info. */
export type Annotation = TcpInfo | undefined;

export interface Packet {
  readonly frame: Uint8Array;
  readonly direction: number;
}

export const HOST_ADDRESS = "c0000201";
export const HOST_ADDRESS_6 = `20010db8${"0".repeat(23)}1`;

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

/** Returns an interface with addresses in hexadecimal. */
export const plugged = (index: number, name: string, addresses: readonly string[], more: Partial<Adaptor> = {}) =>
  adaptor(index, name, {
    ...more,
    addresses: addresses.map((address) => ({ bytes: bytes(address), prefixLength: 24, flags: 0, scope: 0 })),
  });

export function makeBed(
  options: { readonly tunnel?: boolean; readonly dump?: boolean } = {},
  interfaces = new FakeInterfaces(plugged(2, "eth0", [HOST_ADDRESS, HOST_ADDRESS_6])),
) {
  const host = makeFakeHost();
  const kernel = makeFakeKernel(host.sockets);
  const said: string[] = [];
  const written: Annotation[] = [];
  const flows = new Pipeline(host.clock, (error) => {
    throw error;
  });
  const say = (message: string | (() => string)) => said.push(typeof message === "string" ? message : message());
  const log: Logger = { error: say, warn: say, info: say, debug: () => undefined, child: () => log };
  const config = { tunnel: false, udp: false, dump: false, ...options };
  const running = create(config, makeFakeContext({ host, flows, interfaces, log }));
  const sampler = makeSampler(written);
  return {
    ...{ host, kernel, said, flows, interfaces, running, written },
    /** Sends a batch through the pipeline. */
    write(packets: readonly Packet[], { interfaceIndex = 2 }: { interfaceIndex?: number } = {}) {
      const batch = flows.take(sampler, interfaceIndex);
      batch.bytes = new Uint8Array(packets.length * 128);
      for (const [i, { frame, direction }] of packets.entries()) {
        batch.bytes.set(frame, i * 128);
        batch.offset[i] = i * 128;
        batch.headerLength[i] = frame.length;
        batch.headerProtocol[i] = 1;
        batch.direction[i] = direction;
      }
      batch.count = packets.length;
      flows.write(batch);
    },
    /** Returns the records written since the last call. */
    taken: (): Annotation[] => written.splice(0),
    counters: () => running.counters?.() ?? {},
  };
}

function makeSampler(written: Annotation[]): Sampler {
  return {
    source: { class: 0, index: 2 },
    write(packets: SampledPackets) {
      for (let i = 0; i < packets.count; i++) written.push(decode(packets.records[i]?.[0]));
    },
  };
}

/** Encodes a record as in a datagram, and decodes it again. */
function decode(record: NonNullable<SampledPackets["records"][number]>[number] | undefined): Annotation {
  if (record === undefined) return undefined;
  const cursor = new Cursor(new Uint8Array(200));
  record.type.put(cursor, record.value);
  return extendedTcpInfo.take(new Cursor(cursor.bytes, 0, cursor.at));
}
