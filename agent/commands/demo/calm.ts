// Finds out when a burst of packets is over, so that the demo samples as many of them as before.

import type { Host } from "../../host/host.ts";
import type { AgentStatus } from "../../report/agent-status.ts";
import { packetsSoFar } from "./interfaces.ts";

/** Compares the sampling rates in force with the packets that pass. */
export class CalmWatch {
  readonly #host: Pick<Host, "files">;
  readonly #packetsPerSecond: number;
  readonly #last = new Map<string, number>();

  /** An interface with fewer than `packetsPerSecond` is calm. */
  constructor(host: Pick<Host, "files">, packetsPerSecond: number) {
    this.#host = host;
    this.#packetsPerSecond = packetsPerSecond;
  }

  /** Tells whether an interface has become calm whose rate was reduced. Called every `seconds`. */
  isOver({ modules }: Pick<AgentStatus, "modules">, seconds: number): boolean {
    const taps = modules.flatMap(({ report }) => report.taps ?? []).filter(({ rate }) => rate > 0);
    const over = taps.map((tap) => {
      const packets = packetsSoFar(this.#host, tap.interface);
      const passed = packets - (this.#last.get(tap.interface) ?? Number.NEGATIVE_INFINITY);
      this.#last.set(tap.interface, packets);
      return tap.rateInForce > tap.rate && passed / seconds < this.#packetsPerSecond;
    });
    return over.includes(true);
  }
}
