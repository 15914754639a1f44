// Fixture for collector { } without a kernel: fake sockets, fake interfaces, and a batch to send.

import type { CollectorConfig } from "../../../agent/modules/collector/config.ts";
import { create } from "../../../agent/modules/collector/index.ts";
import { showAddress } from "../../../agent/sflow/address.ts";
import type { DatagramBatch } from "../../../agent/sflow/collector.ts";
import { parseInetAddress } from "../../../agent/sockets/socket-address.ts";
import type { Shim } from "../../../native-shim/shim.ts";
import { type FakeCollectors, makeFakeContext } from "../../fakes/context.ts";
import { type FakeHost, makeFakeHost } from "../../fakes/host.ts";
import { adaptor, FakeInterfaces } from "../../fakes/interfaces.ts";
import type { KeptLog } from "../../fakes/log.ts";
import type { FakeSocket } from "../../fakes/socket.ts";

/** Makes `count` datagrams of 1, 2, 3 ... bytes. */
export function batch(count: number): DatagramBatch {
  const lengths = Uint32Array.from({ length: count }, (_, i) => i + 1);
  const offsets = Uint32Array.from({ length: count }, (_, i) => i * 64);
  return { count, bytes: new Uint8Array(64 * count).fill(5), offsets, lengths };
}

type Block = Partial<CollectorConfig> & { readonly ip: string };

export interface Work {
  readonly host: FakeHost;
  readonly interfaces: FakeInterfaces;
  readonly log: KeptLog;
  /** Those that have joined and not left. */
  readonly joined: FakeCollectors["joined"];
  readonly counters: () => Readonly<Record<string, number>>;
  start(): Promise<void>;
  stop(): void;
  /** Sends a batch to all registered collectors, as the receiver does. */
  send(count: number): void;
  /** Advances the clock and settles the promises. */
  pass(seconds: number): Promise<void>;
}

export const work = (...blocks: readonly Block[]): Work => workOn(makeFakeHost(), ...blocks);

export function workOn(host: FakeHost, ...blocks: readonly Block[]): Work {
  const interfaces = new FakeInterfaces(adaptor(2, "eth0"));
  const context = makeFakeContext({ host, interfaces });
  const { log } = context;
  const { joined } = context.collectors;
  const configs = blocks.map((block) => ({
    udpport: 6343,
    dev: undefined,
    namespace: undefined,
    samples: "expanded" as const,
    segmentation: false,
    ...block,
  }));
  const running = create(configs, { ...context, log: log.child("collector") });
  const pass = async (seconds: number): Promise<void> => {
    host.clock.advance(seconds);
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  return {
    host,
    interfaces,
    log,
    joined,
    counters: () => running.counters?.() ?? {},
    async start() {
      await running.start();
      await pass(0);
    },
    stop: () => void running.stop(),
    send(count) {
      for (const collector of joined) collector.send(batch(count));
    },
    pass,
  };
}

/** Returns the destinations of a socket's messages, `192.0.2.1 6343`, without repetitions. */
export function sentTo({ sent }: FakeSocket): string[] {
  const all = sent.map(({ to }) => {
    const { address, port, scope } = parseInetAddress(to as Uint8Array) as NonNullable<
      ReturnType<typeof parseInetAddress>
    >;
    return `${showAddress(address)}${scope > 0 ? `%${scope}` : ""} ${port}`;
  });
  return all.filter((to, i) => to !== all[i - 1]);
}

/** Lets the fake kernel take at most `most` messages a call. */
export function fakeTakes(sockets: Shim, most: number): void {
  const send = sockets.send.bind(sockets);
  sockets.send = (fd, bytes, offsets, lengths, first, count, address) =>
    send(fd, bytes, offsets, lengths, first, Math.min(count, most), address);
}
