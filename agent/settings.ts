// What sflow { } says of the agent itself: polling, sampling by speed, header and datagram bytes, agent address.

import type { Adaptor } from "./interfaces/adaptor.ts";

export interface Settings {
  /** Seconds; 0 is off. */
  readonly polling: number;
  readonly headerBytes: number;
  readonly datagramBytes: number;
  readonly subAgentId: number;
  /** 16 bytes. */
  readonly uuid: Uint8Array;
  /** 1-in-N for an interface by its speed and state, as hsflowd computes it; 0 is not sampled. And what decided it, in words. */
  samplingRate(adaptor: Pick<Adaptor, "adminUp" | "speed">): { readonly rate: number; readonly why: string };
}
