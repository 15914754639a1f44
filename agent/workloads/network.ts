// Interfaces and traffic of a container, read without entering it; both are still there when its processes have ended.
// /proc/PID/net/dev, network_namespaces(7).

import type { Host, OpenFile } from "../host/host.ts";
import { type InnerLink, type InnerLinks, openInnerLinks } from "../namespaces/inner-links.ts";
import { type DeviceCounters, parseNetDev } from "../proc/net-dev.ts";
import { makeTraffic, type Traffic } from "./traffic.ts";

export interface ContainerAdapter {
  /** Of the host's end of the pair where there is one: the port that samples name. 0 otherwise. */
  readonly ifIndex: number;
  readonly mac_address: readonly Uint8Array[];
}

export interface NetworkReading {
  readonly adapters: readonly ContainerAdapter[];
  readonly total: Traffic;
}

export interface ContainerNetwork {
  /** `net:[inode]`: containers may share one. */
  readonly identity: string;
  /** Undefined where the kernel does not answer any more. */
  read(): NetworkReading | undefined;
  /** As of the last reading, and where they are plugged in now; nothing is asked for. */
  adapters(): readonly ContainerAdapter[];
  /** The next reading looks interfaces up anew: one may have been seen before it had its address. */
  outdated(): void;
  close(): void;
}

export interface NetworkWorld {
  readonly host: Pick<Host, "files" | "sockets">;
  /** The number that the host has for the namespace of a process; undefined where nothing connects the two. */
  namespaceId(pid: number): number | undefined;
  /** ifIndex of the host's interface whose other end is `index` in namespace `id`; 0 where there is none. */
  portOf(id: number, index: number): number;
  /** A container has other interfaces than before, or none any more. */
  changed(): void;
}

const LOOPBACK = "lo";

/**
 * Undefined for a container in the host's own network, whose traffic is the host's; and where the namespace cannot be
 * entered.
 */
export function openNetwork(world: NetworkWorld, pid: number): ContainerNetwork | undefined {
  const { files, sockets } = world.host;
  const path = `/proc/${pid}/ns/net`;
  const identity = files.link(path);
  if (identity === undefined || identity === files.link("/proc/self/ns/net")) return undefined;
  const devices = files.open(`/proc/${pid}/net/dev`);
  if (devices === undefined) return undefined;
  try {
    const links = openInnerLinks(sockets, path);
    const close = (): void => {
      devices.close();
      links.close();
      world.changed();
    };
    return { identity, ...makeRead(world, pid, devices, links), close };
  } catch {
    devices.close();
    return undefined;
  }
}

/**
 * Links are looked up anew when there are others than before, and every so often: their addresses can be changed too.
 */
const LINKS_EVERY = 8;

function makeRead(
  world: NetworkWorld,
  pid: number,
  devices: OpenFile,
  links: InnerLinks,
): Pick<ContainerNetwork, "read" | "adapters" | "outdated"> {
  const traffic = makeTraffic();
  let known: ReadonlyMap<string, InnerLink | undefined> = new Map();
  let id: number | undefined;
  let reads = 0;

  function look(names: readonly string[]): void {
    known = new Map(names.map((name) => [name, links.find(name)]));
    // A namespace has no number until something connects it with the host's.
    id ??= world.namespaceId(pid);
    world.changed();
  }

  function adapters(): ContainerAdapter[] {
    const found: ContainerAdapter[] = [];
    for (const link of known.values()) {
      if (link === undefined || !link.mac.some((byte) => byte !== 0)) continue;
      found.push({ ifIndex: id === undefined ? 0 : world.portOf(id, link.index), mac_address: [link.mac] });
    }
    return found;
  }

  function read(): NetworkReading | undefined {
    const now = readDevices(devices);
    if (now === undefined) return undefined;
    if (reads++ % LINKS_EVERY === 0 || !sameKeys(now, known)) look([...now.keys()]);
    return { adapters: adapters(), total: traffic.add(now) };
  }

  function outdated(): void {
    reads = 0;
  }

  return { read, adapters, outdated };
}

/** Without the loopback. */
function readDevices(file: OpenFile): ReadonlyMap<string, DeviceCounters> | undefined {
  const text = file.read();
  if (text === undefined) return undefined;
  return new Map([...parseNetDev(text)].filter(([name]) => name !== LOOPBACK));
}

const sameKeys = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean =>
  a.size === b.size && [...a.keys()].every((key) => b.has(key));
