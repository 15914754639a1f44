// Sends numbered UDP datagrams from a namespace, and waits until the last is sent.

import { start } from "./child.ts";
import { until } from "./command.ts";
import type { Namespace } from "./namespaces.ts";

export interface Load {
  readonly to: string;
  readonly port?: number;
  readonly packets: number;
  /** Bytes of UDP payload. */
  readonly size?: number;
  readonly perSecond?: number;
}

export async function flood(from: Namespace, { to, port = 5000, packets, size = 100, perSecond }: Load): Promise<void> {
  const pace = perSecond === undefined ? [] : [perSecond];
  const numbers = [port, packets, size, ...pace].map(String);
  const child = start(from, [process.execPath, "test/e2e/flood-process.mjs", to, ...numbers]);
  const ended = await until(`${packets} packets to ${to}`, () => child.ended(), { seconds: 180 });
  if (ended.code !== 0) throw new Error(child.stderr());
}

/** Bytes on the wire of a datagram with `size` bytes of payload: Ethernet, IPv4 and UDP headers, and the FCS. */
export const frameLength = (size: number): number => 14 + 20 + 8 + size + 4;
