// Interfaces and traffic counters of a workload's network namespace. Both are read through open file descriptors, so
// they can still be read after the workload's processes have ended. See proc_pid_net(5), network_namespaces(7).

import type { Host, OpenFile } from "../host/host.ts";
import { type InnerLink, type InnerLinks, openInnerLinks } from "../namespaces/inner-links.ts";
import { type DeviceCounters, parseNetDev } from "../proc/net-dev.ts";
import { type Traffic, TrafficSum } from "./traffic.ts";

/** An interface in the network namespace of a workload. */
export interface WorkloadAdapter {
  /** ifIndex of the host's end of the veth pair, the same port as in sampled packets. 0 if the host has no such end. */
  readonly ifIndex: number;
  readonly mac_address: readonly Uint8Array[];
}

export interface NetworkReading {
  readonly total: Traffic;
  /** Returns the interfaces as of the last reading, each with the host's port that it is attached to now. */
  adapters(): readonly WorkloadAdapter[];
}

/** The host's view of the network namespaces of workloads. */
export interface NetworkWorld {
  readonly host: Pick<Host, "files" | "sockets">;
  /** Returns the host's number for the namespace of a process; undefined if no link connects it with the host's. */
  namespaceId(pid: number): number | undefined;
  /** Returns the ifIndex of the host's interface whose peer is interface `index` of namespace `id`; 0 if none. */
  portOf(id: number, index: number): number;
  /** Called after the interfaces of a workload have changed or have been removed. */
  changed(): void;
}

const LOOPBACK = "lo";

/**
 * Number of readings between two look-ups of all interfaces. Index and MAC are also looked up when names of interfaces
 * change, but a MAC may change without its name.
 */
const LINKS_EVERY = 8;

/** The network namespace of a workload. */
export class WorkloadNetwork {
  readonly #world: NetworkWorld;
  readonly #pid: number;
  readonly #devices: OpenFile;
  readonly #links: InnerLinks;
  readonly #traffic = new TrafficSum();
  #known: ReadonlyMap<string, InnerLink | undefined> = new Map();
  #id: number | undefined;
  #reads = 0;

  constructor(world: NetworkWorld, pid: number, devices: OpenFile, links: InnerLinks) {
    this.#world = world;
    this.#pid = pid;
    this.#devices = devices;
    this.#links = links;
  }

  /** Returns undefined if the namespace can no longer be read. */
  read(): NetworkReading | undefined {
    const now = readDevices(this.#devices);
    if (now === undefined) return undefined;
    if (this.#reads++ % LINKS_EVERY === 0 || !sameKeys(now, this.#known)) this.#look([...now.keys()]);
    return { adapters: () => this.#adapters(), total: this.#traffic.add(now) };
  }

  /** Makes the next reading look up all interfaces, because one may have been read before its MAC was set. */
  outdated(): void {
    this.#reads = 0;
  }

  close(): void {
    this.#devices.close();
    this.#links.close();
    this.#world.changed();
  }

  #look(names: readonly string[]): void {
    this.#known = new Map(names.map((name) => [name, this.#links.find(name)]));
    // The host has no number for a namespace until an interface connects the two.
    this.#id ??= this.#world.namespaceId(this.#pid);
    this.#world.changed();
  }

  #adapters(): readonly WorkloadAdapter[] {
    const id = this.#id;
    const found: WorkloadAdapter[] = [];
    for (const link of this.#known.values()) {
      if (link === undefined || !link.mac.some((byte) => byte !== 0)) continue;
      found.push({ ifIndex: id === undefined ? 0 : this.#world.portOf(id, link.index), mac_address: [link.mac] });
    }
    return found;
  }
}

/** Returns undefined if the process is in the host's own namespace, or if its namespace cannot be entered. */
export function openNetwork(world: NetworkWorld, pid: number): WorkloadNetwork | undefined {
  const { files, sockets } = world.host;
  const path = `/proc/${pid}/ns/net`;
  const identity = files.link(path);
  if (identity === undefined || identity === files.link("/proc/self/ns/net")) return undefined;
  const devices = files.open(`/proc/${pid}/net/dev`);
  if (devices === undefined) return undefined;
  try {
    return new WorkloadNetwork(world, pid, devices, openInnerLinks(sockets, path));
  } catch {
    devices.close();
    return undefined;
  }
}

/** Returns counters by interface, without the loopback. */
function readDevices(file: OpenFile): ReadonlyMap<string, DeviceCounters> | undefined {
  const text = file.read();
  if (text === undefined) return undefined;
  return new Map([...parseNetDev(text)].filter(([name]) => name !== LOOPBACK));
}

const sameKeys = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean =>
  a.size === b.size && [...a.keys()].every((key) => b.has(key));
