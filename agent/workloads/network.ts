// Interfaces and traffic of another network namespace, read without entering it. Both can still be read when its
// processes have ended. /proc/PID/net/dev, network_namespaces(7).

import type { Host, OpenFile } from "../host/host.ts";
import { type InnerLink, type InnerLinks, openInnerLinks } from "../namespaces/inner-links.ts";
import { type DeviceCounters, parseNetDev } from "../proc/net-dev.ts";
import { type Traffic, TrafficSum } from "./traffic.ts";

export interface WorkloadAdapter {
  /** Of the host's end of a veth pair: the port that sampled packets name. 0 where there is none. */
  readonly ifIndex: number;
  readonly mac_address: readonly Uint8Array[];
}

export interface NetworkReading {
  readonly total: Traffic;
  /** Interfaces as of the last reading, with the ports they are plugged into now. */
  adapters(): readonly WorkloadAdapter[];
}

/** The host's side of the networks of workloads. */
export interface NetworkWorld {
  readonly host: Pick<Host, "files" | "sockets">;
  /** The number that the host has for the namespace of a process; undefined where nothing connects the two. */
  namespaceId(pid: number): number | undefined;
  /** ifIndex of the host's interface whose other end is `index` in namespace `id`; 0 where there is none. */
  portOf(id: number, index: number): number;
  /** A workload has other interfaces than before, or none any more. */
  changed(): void;
}

const LOOPBACK = "lo";

/** Links are looked up when there are others than before, and at every eighth reading: an address may have changed. */
const LINKS_EVERY = 8;

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

  /** Undefined where the kernel does not answer any more. */
  read(): NetworkReading | undefined {
    const now = readDevices(this.#devices);
    if (now === undefined) return undefined;
    if (this.#reads++ % LINKS_EVERY === 0 || !sameKeys(now, this.#known)) this.#look([...now.keys()]);
    return { adapters: () => this.#adapters(), total: this.#traffic.add(now) };
  }

  /** Makes the next reading look up all links: one may have been seen before it had its address. */
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
    // A namespace has no number until something connects it with the host's.
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

/** Returns undefined in the host's own network, whose traffic is the host's, and where the namespace is refused. */
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

/** Leaves out the loopback. */
function readDevices(file: OpenFile): ReadonlyMap<string, DeviceCounters> | undefined {
  const text = file.read();
  if (text === undefined) return undefined;
  return new Map([...parseNetDev(text)].filter(([name]) => name !== LOOPBACK));
}

const sameKeys = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean =>
  a.size === b.size && [...a.keys()].every((key) => b.has(key));
