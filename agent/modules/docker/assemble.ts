// The parts of docker { } put together: what containers are made of, out of what the agent lends.

import { findHierarchies } from "../../counters/control-group.ts";
import { readCpuQuota } from "../../counters/virt-cpu.ts";
import { readMemoryLimit } from "../../counters/virt-memory.ts";
import { watchPeers } from "../../namespaces/peers.ts";
import { namespaceIdRequest, readNamespaceId } from "../../netlink/namespace-id.ts";
import { openNetlinkSocket } from "../../sockets/netlink-socket.ts";
import { NETLINK_ROUTE } from "../../sockets/socket-constants.ts";
import { readHostFacts } from "../../workloads/host-facts.ts";
import { makeStations, type Stations } from "../../workloads/mac-table.ts";
import { type NetworkWorld, openNetwork } from "../../workloads/network.ts";
import { beginLife } from "../../workloads/process-group.ts";
import type { Context } from "../module.ts";
import type { DockerConfig } from "./config.ts";
import { type Containers, makeContainers } from "./containers.ts";
import type { Engine } from "./engine.ts";

/** The host's side of what containers are plugged into. */
function makeNetworkWorld({ host, interfaces }: Context, changed: () => void): NetworkWorld & { close(): void } {
  const socket = openNetlinkSocket(host.sockets, NETLINK_ROUTE);
  const peers = watchPeers(interfaces, changed);
  return {
    host,
    namespaceId(pid) {
      let id: number | undefined;
      socket.ask(
        (sequence) => namespaceIdRequest(sequence, pid),
        (message) => {
          id = readNamespaceId(message);
        },
      );
      return id;
    },
    portOf: peers.portOf,
    changed,
    close() {
      socket.close();
      peers.close();
    },
  };
}

export interface Assembly {
  readonly containers: Containers;
  readonly stations: Stations;
  close(): void;
}

export function assemble(config: DockerConfig, engine: Engine, context: Context): Assembly {
  const { host, agent, interfaces, log } = context;
  const { files, clock } = host;
  const stations = makeStations(() => containers.all(), interfaces);
  const network = makeNetworkWorld(context, stations.outdated);
  const hierarchies = findHierarchies(files.read("/proc/mounts") ?? "");
  const world = { host, hierarchies, openNetwork: (pid: number) => openNetwork(network, pid) };
  const containers: Containers = makeContainers({
    poller: (source) => agent.poller(source),
    numbered: agent.numbered(),
    inspect: (id) => engine.inspect(id),
    begin: (id, onEnd) => beginLife(world, id, onEnd),
    limits: (group) => ({ memory: readMemoryLimit(files, group), processors: readCpuQuota(files, group) }),
    hostFacts: readHostFacts(host),
    now: () => clock.uptime(),
    after: (milliseconds, callback) => clock.after(milliseconds, callback),
    wall: () => Number(clock.wallNanoseconds() / 1000n) / 1e6,
    useHostname: config.hostname,
    debug: (message) => log.debug(1, message),
  });
  return { containers, stations, close: network.close };
}
