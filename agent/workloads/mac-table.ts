// Which workload sends and receives under a MAC, and at which port of the host.

import type { Interfaces } from "../interfaces/adaptor.ts";
import { uint48 } from "../packet/bytes.ts";
import type { DataSource } from "../sflow/data-source.ts";
import { UNKNOWN_PORT } from "../sflow/port.ts";
import type { WorkloadAdapter } from "./network.ts";
import type { MarkCounters } from "./workloads.ts";

/** The kind that a workload is of. */
export interface MarkedKind {
  readonly nameTraffic: boolean;
  readonly marks: MarkCounters;
}

export interface Station {
  /** ifIndex of the host's end of the veth pair; UNKNOWN_PORT where there is none, or several have the MAC. */
  readonly port: number;
  /** Undefined where several workloads have the MAC, such as those that share a network. */
  readonly source: DataSource | undefined;
  readonly kind: MarkedKind;
}

/** A workload as far as packets go. */
export interface Plugged {
  readonly source: DataSource;
  readonly kind: MarkedKind;
  adapters(): readonly WorkloadAdapter[];
}

export class MacTable {
  readonly #plugged: () => Iterable<Plugged>;
  readonly #interfaces: Pick<Interfaces, "all">;
  #stations: ReadonlyMap<number, Station> | undefined;

  constructor(plugged: () => Iterable<Plugged>, interfaces: Pick<Interfaces, "all">) {
    this.#plugged = plugged;
    this.#interfaces = interfaces;
  }

  /** Stations by MAC as a number. Valid until the next packets. */
  current(): ReadonlyMap<number, Station> {
    this.#stations ??= this.#look();
    return this.#stations;
  }

  /** A workload, an interface or an address has come or gone: the next packets see it. */
  outdated(): void {
    this.#stations = undefined;
  }

  /** Leaves out MACs of the host's own interfaces: containers in an ipvlan have that of the interface below. */
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
