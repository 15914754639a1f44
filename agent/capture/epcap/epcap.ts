// Taps by BPF programs at both directions of an interface, which draw the samples and let all packets pass. See tcx in
// the kernel's include/net/tcx.h, since Linux 6.6.

import type { Host } from "../../host/host.ts";
import type { CapturedPackets, CaptureEngine, Tap, TapOptions } from "../engine.ts";
import type { OwnTraffic } from "../own-traffic.ts";
import { AT_ONCE, type Pace } from "../pace.ts";
import { RingScheduler } from "../ring-scheduler.ts";
import { epcapError } from "./epcap-error.ts";
import { EpcapTap } from "./epcap-tap.ts";
import { SampleReader } from "./sample-reader.ts";

export const EPCAP = "epcap";

type Needed = Pick<Host, "sockets" | "clock" | "files" | "random">;

/**
 * All taps share one ring, which exists while there are taps. They leave out the datagrams of `own`. `onEnd` is never
 * called: the kernel detaches programs from an interface that is removed, and tells only the listeners of netlink.
 */
export function makeEpcapEngine(host: Needed, own: OwnTraffic, pace = AT_ONCE): CaptureEngine {
  const engine = new Engine(host, own, pace);
  return { name: EPCAP, open: (options, onPackets) => engine.open(options, onPackets) };
}

class Engine {
  readonly #host: Needed;
  readonly #own: OwnTraffic;
  readonly #turns: RingScheduler;
  #reader: SampleReader | undefined;

  constructor(host: Needed, own: OwnTraffic, pace: Pace) {
    this.#host = host;
    this.#own = own;
    this.#turns = new RingScheduler(host.sockets, host.clock, pace);
  }

  open(options: TapOptions, onPackets: (packets: CapturedPackets) => void): Tap {
    try {
      const reader = this.#reader ?? this.#begin();
      return new EpcapTap(this.#host, reader, options, onPackets, () => this.#endIfUnused());
    } catch (error) {
      this.#endIfUnused();
      throw epcapError(options, error);
    }
  }

  #begin(): SampleReader {
    const reader = new SampleReader(this.#host, this.#own);
    this.#turns.add(reader);
    this.#reader = reader;
    return reader;
  }

  #endIfUnused(): void {
    const reader = this.#reader;
    if (reader === undefined || reader.taps > 0) return;
    this.#turns.remove(reader);
    this.#reader = undefined;
    reader.close();
  }
}
