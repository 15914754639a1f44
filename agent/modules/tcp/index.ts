// tcp { }: what the kernel knows of the TCP connection of a sampled packet, as extended_tcp_info. README.md beside.

import type { Context, Running } from "../module.ts";
import { Annotator } from "./annotator.ts";
import { type Complaints, makeComplaints, reasonOf } from "./complaints.ts";
import type { TcpConfig } from "./config.ts";
import { Containers } from "./containers.ts";
import { Lookup } from "./lookup.ts";
import type { Namespaces } from "./namespaces.ts";
import { Places } from "./places.ts";
import { readNamespace, routeMemory } from "./read-namespace.ts";
import { showCounters, showLookups } from "./show-counters.ts";

/** How often sockets are looked at: those of namespaces that are gone keep them alive until then. */
const SWEEP = 1000;

export function create(config: TcpConfig, context: Context): Running {
  const { host, flows, interfaces, log } = context;
  const complaints = makeComplaints(log);
  const lookup = new Lookup(host, config.dump, complaints, () => containers.changed(0));
  const { namespaces } = lookup;
  const containers = watchContainers(context, namespaces, complaints, () => places.outdated());
  const places = new Places(interfaces, namespaces, containers);
  const annotator = new Annotator({ places, lookup, tunnel: config.tunnel, onTransit: () => containers.wanted() });
  const ends: (() => void)[] = [];
  return {
    start() {
      namespaces.socketOf(namespaces.own);
      containers.changed(0);
      const sweep = host.clock.every(SWEEP, () => {
        containers.sweep();
        namespaces.closeIdle();
      });
      ends.push(
        flows.annotate((batch, hold) => annotator.annotate(batch, hold)),
        interfaces.onChange(({ kind, adaptor }) => {
          places.outdated();
          if (kind === "removed" || adaptor.linkNamespace !== undefined) containers.changed(adaptor.index);
        }),
        () => sweep.cancel(),
      );
    },
    stop() {
      for (const end of ends.splice(0)) end();
      containers.stop();
      lookup.stop();
    },
    counters: () => showCounters(annotator.counts, namespaces, lookup.strays),
    report: () => ({ lookups: showLookups(namespaces), obstacle: obstacleOf(namespaces) }),
  };
}

function obstacleOf({ own }: Namespaces): string | undefined {
  return own.obstacle === undefined ? undefined : reasonOf(own.obstacle);
}

function watchContainers(
  { host: { sockets, files, clock }, interfaces }: Context,
  namespaces: Namespaces,
  complaints: Complaints,
  onChange: () => void,
): Containers {
  const memory = routeMemory(sockets);
  const plugged = () => interfaces.all().flatMap((it) => (it.linkNamespace === undefined ? [] : [it.index]));
  return new Containers({ files, clock, namespaces, plugged, onChange, read });

  function read(path: string) {
    try {
      return readNamespace(sockets, memory, path, process.pid);
    } catch (error) {
      complaints.refused(path, error as Parameters<Complaints["refused"]>[1]);
      return undefined;
    }
  }
}
