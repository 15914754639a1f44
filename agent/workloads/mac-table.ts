// Workloads by MAC address, each with the port of the host that it is attached to.

import type { Interfaces } from "../interfaces/adaptor.ts";
import { uint48 } from "../packet/bytes.ts";
import type { DataSource } from "../sflow/data-source.ts";
import { UNKNOWN_PORT } from "../sflow/port.ts";
import type { WorkloadAdapter } from "./network.ts";
import type { MarkCounters } from "./workloads.ts";

/** The type of a workload, as far as sampled packets need it. */
export interface MarkedKind {
  readonly nameTraffic: boolean;
  readonly marks: MarkCounters;
}

/** The workload that has a MAC address. */
export interface Station {
  /**
   * ifIndex of the host's end of the veth pair. UNKNOWN_PORT without a veth pair, or if two ports have the same MAC.
   */
  readonly port: number;
  /** Undefined if several workloads have the same MAC, for example because they share a network namespace. */
  readonly source: DataSource | undefined;
  readonly kind: MarkedKind;
}

/** A workload with network interfaces, as far as sampled packets need it. */
export interface Plugged {
  readonly source: DataSource;
  readonly kind: MarkedKind;
  adapters(): readonly WorkloadAdapter[];
}

/** The table of MAC addresses of workloads. Built when it is needed first after a change. */
export class MacTable {
  readonly #plugged: () => Iterable<Plugged>;
  readonly #interfaces: Pick<Interfaces, "all">;
  #stations: ReadonlyMap<number, Station> | undefined;

  constructor(plugged: () => Iterable<Plugged>, interfaces: Pick<Interfaces, "all">) {
    this.#plugged = plugged;
    this.#interfaces = interfaces;
  }

  /** Returns stations by MAC address, written as a number. Use the map for the present batch of packets only. */
  current(): ReadonlyMap<number, Station> {
    this.#stations ??= this.#look();
    return this.#stations;
  }

  /**
   * Discards the table after a change of workloads, interfaces or addresses. The next call of `current` rebuilds it.
   */
  outdated(): void {
    this.#stations = undefined;
  }

  /**
   * Leaves out MACs of the host's own interfaces, because a container in an ipvlan has the MAC of the parent interface.
   */
  #look(): ReadonlyMap<number, Station> {
    const found = new Map<number, Station>();
    for (const workload of this.#plugged()) {
      const { source, kind } = workload;
      for (const { ifIndex, mac_address } of workload.adapters()) {
        for (const mac of mac_address) add(found, uint48(mac, 0), { port: ifIndex, source, kind });
      }
    }
    if (found.size === 0) return found;
    for (const { mac } of this.#interfaces.all()) if (mac.length === 6) found.delete(uint48(mac, 0));
    return found;
  }
}

function add(stations: Map<number, Station>, mac: number, station: Station): void {
  const other = stations.get(mac);
  if (other === undefined) stations.set(mac, station);
  else
    stations.set(mac, {
      ...station,
      port: other.port === station.port ? station.port : UNKNOWN_PORT,
      source: undefined,
    });
}
