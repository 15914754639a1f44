// Traffic of a workload, summed over its interfaces, including removed ones. See sFlow Host Structures, "virt_net_io".

import type { DeviceCounters } from "../proc/net-dev.ts";

/** Traffic counters from the workload's point of view: "rx" is what the workload received. */
export interface Traffic {
  readonly rx_bytes: number;
  readonly rx_packets: number;
  readonly rx_errs: number;
  readonly rx_drop: number;
  readonly tx_bytes: number;
  readonly tx_packets: number;
  readonly tx_errs: number;
  readonly tx_drop: number;
}

const ZERO: Traffic = {
  rx_bytes: 0,
  rx_packets: 0,
  rx_errs: 0,
  rx_drop: 0,
  tx_bytes: 0,
  tx_packets: 0,
  tx_errs: 0,
  tx_drop: 0,
};

const plus = (sum: Traffic, device: DeviceCounters): Traffic => ({
  rx_bytes: sum.rx_bytes + device.rx_bytes,
  rx_packets: sum.rx_packets + device.rx_packets,
  rx_errs: sum.rx_errs + device.rx_errors,
  rx_drop: sum.rx_drop + device.rx_dropped,
  tx_bytes: sum.tx_bytes + device.tx_bytes,
  tx_packets: sum.tx_packets + device.tx_packets,
  tx_errs: sum.tx_errs + device.tx_errors,
  tx_drop: sum.tx_drop + device.tx_dropped,
});

/** Returns true if the interface was removed, or if another interface has its name now. */
const isAnother = (now: DeviceCounters | undefined, before: DeviceCounters): boolean =>
  now === undefined || now.rx_packets < before.rx_packets || now.tx_packets < before.tx_packets;

/** Adds up the counters of all interfaces. The counts of removed ones stay in the sum, because it must not decrease. */
export class TrafficSum {
  #before: ReadonlyMap<string, DeviceCounters> = new Map();
  #gone = ZERO;

  add(now: ReadonlyMap<string, DeviceCounters>): Traffic {
    for (const [name, counters] of this.#before) {
      if (isAnother(now.get(name), counters)) this.#gone = plus(this.#gone, counters);
    }
    this.#before = now;
    return [...now.values()].reduce(plus, this.#gone);
  }
}
