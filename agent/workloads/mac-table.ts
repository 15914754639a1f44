// Which container sends and receives under a MAC, and at which port of the host.

import type { Interfaces } from "../interfaces/adaptor.ts";
import { uint48 } from "../packet/bytes.ts";
import type { DataSource } from "../sflow/data-source.ts";
import { UNKNOWN_PORT } from "../sflow/port.ts";
import type { ContainerNetwork } from "./network.ts";

export interface Station {
  /** ifIndex of the host's end of the veth pair; UNKNOWN_PORT where there is none, or several have the MAC. */
  readonly port: number;
  /** Undefined where several containers have the MAC: those that share a network, for one. */
  readonly source: DataSource | undefined;
}

export interface Stations {
  /** By MAC as a number; valid until the next packets. */
  current(): ReadonlyMap<number, Station>;
  /** A container, an interface or an address has come or gone: looked at anew before the next packets. */
  outdated(): void;
}

/** What a container is plugged into: the part of a run that matters here. */
export interface Plugged {
  readonly source: DataSource;
  readonly life: { readonly network: Pick<ContainerNetwork, "adapters"> | undefined };
}

/**
 * A MAC that an interface of the host has too says nothing of who sent a frame: containers in an ipvlan have that of
 * the interface below.
 */
export function makeStations(plugged: () => Iterable<Plugged>, interfaces: Pick<Interfaces, "all">): Stations {
  let stations: ReadonlyMap<number, Station> | undefined;

  function look(): ReadonlyMap<number, Station> {
    const found = new Map<number, Station>();
    for (const { source, life } of plugged()) {
      for (const { ifIndex, mac_address } of life.network?.adapters() ?? []) {
        for (const mac of mac_address) add(found, uint48(mac, 0), { port: ifIndex, source });
      }
    }
    if (found.size > 0) for (const { mac } of interfaces.all()) if (mac.length === 6) found.delete(uint48(mac, 0));
    return found;
  }

  return {
    current() {
      stations ??= look();
      return stations;
    },
    outdated() {
      stations = undefined;
    },
  };
}

function add(stations: Map<number, Station>, mac: number, station: Station): void {
  const other = stations.get(mac);
  if (other === undefined) stations.set(mac, station);
  else stations.set(mac, { port: other.port === station.port ? station.port : UNKNOWN_PORT, source: undefined });
}
