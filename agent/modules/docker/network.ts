// Interfaces and traffic of a container, asked for inside its network namespace; a socket opened there answers even after its processes have ended. rtnetlink(7).

import type { ReceiveBatch } from "../../../native-shim/shim.ts";
import type { Host } from "../../host/host.ts";
import { openRouteSocket, type RouteSocket } from "../../interfaces/route-socket.ts";
import { LinkFlag, readLink } from "../../netlink/link.ts";
import { type LinkStats, readLinkStats } from "../../netlink/link-stats.ts";
import { linkRequest, statsRequest } from "../../netlink/route.ts";
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
  close(): void;
}

export interface NetworkWorld {
  readonly host: Pick<Host, "files" | "sockets">;
  /** Shared by all containers: one is read at a time. */
  readonly batch: ReceiveBatch;
  /** The number that the host has for the namespace of a process; undefined where nothing connects the two. */
  namespaceId(pid: number): number | undefined;
  /** ifIndex of the host's interface whose other end is `index` in namespace `id`; 0 where there is none. */
  portOf(id: number, index: number): number;
}

interface InnerLink {
  readonly index: number;
  readonly mac: Uint8Array;
}

/** Undefined for a container in the host's own network, whose traffic is the host's; and where the namespace cannot be entered. */
export function openNetwork(world: NetworkWorld, pid: number): ContainerNetwork | undefined {
  const { files, sockets } = world.host;
  const path = `/proc/${pid}/ns/net`;
  const identity = files.link(path);
  if (identity === undefined || identity === files.link("/proc/self/ns/net")) return undefined;
  try {
    const socket = openRouteSocket(sockets, path, world.batch);
    return { identity, read: makeRead(world, socket, pid), close: () => socket.close() };
  } catch {
    return undefined;
  }
}

/** Links are asked for anew when there are others than before, and every so often: their addresses can be changed too. */
const LINKS_EVERY = 8;

function makeRead(world: NetworkWorld, socket: RouteSocket, pid: number): ContainerNetwork["read"] {
  const traffic = makeTraffic();
  let links: ReadonlyMap<number, InnerLink> = new Map();
  let id: number | undefined;
  let loopback = 0;
  let reads = 0;

  function readLinks(): void {
    const found = new Map<number, InnerLink>();
    socket.ask(
      (sequence) => linkRequest(sequence, 0),
      (message) => {
        const link = readLink(message);
        if (link === undefined) return;
        if ((link.flags & LinkFlag.loopback) !== 0) loopback = link.index;
        else found.set(link.index, { index: link.index, mac: link.mac });
      },
    );
    links = found;
    id ??= world.namespaceId(pid);
  }

  return () => {
    const stats = readStats(socket);
    if (stats === undefined) return undefined;
    stats.delete(loopback);
    if (reads++ % LINKS_EVERY === 0 || !sameKeys(stats, links)) readLinks();
    stats.delete(loopback);
    const adapters = [...links.values()]
      .filter(({ mac }) => mac.some((byte) => byte !== 0))
      .map(({ index, mac }) => ({ ifIndex: id === undefined ? 0 : world.portOf(id, index), mac_address: [mac] }));
    return { adapters, total: traffic.add(stats) };
  };
}

function readStats(socket: RouteSocket): Map<number, LinkStats> | undefined {
  const stats = new Map<number, LinkStats>();
  const errno = socket.ask(
    (sequence) => statsRequest(sequence, 0),
    (message) => {
      const reading = readLinkStats(message);
      if (reading !== undefined) stats.set(...reading);
    },
  );
  return errno < 0 ? undefined : stats;
}

const sameKeys = (a: ReadonlyMap<number, unknown>, b: ReadonlyMap<number, unknown>): boolean =>
  a.size === b.size && [...a.keys()].every((key) => b.has(key));
