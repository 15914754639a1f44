// tcp { }: adds the kernel's state of the TCP connection to sampled packets, as extended_tcp_info. See README.md.

import { NamespaceTable } from "../../namespaces/table.ts";
import type { Context, Running } from "../module.ts";
import { Annotator } from "./annotator.ts";
import { makeComplaints, reasonOf } from "./complaints.ts";
import type { TcpConfig } from "./config.ts";
import type { DiagNamespaces } from "./diag-namespaces.ts";
import { Lookup } from "./lookup.ts";
import { showCounters, showLookups } from "./show-counters.ts";
import { SocketLocator } from "./socket-locator.ts";

/** Milliseconds between checks of open sockets. A socket keeps a removed namespace alive until the next check. */
const SWEEP = 1000;

export function create(config: TcpConfig, context: Context): Running {
  const { host, flows, interfaces, log } = context;
  const complaints = makeComplaints(log);
  const lookup = new Lookup(host, config.dump, complaints, () => table.changed(0));
  const { namespaces } = lookup;
  const table = new NamespaceTable(host, interfaces, {
    onFound: ({ identity, path }) => void namespaces.add(identity, path),
    onMoved: ({ identity, path }) => namespaces.move(identity, path),
    onGone: ({ identity }) => namespaces.remove(identity),
    onChange: () => locator.outdate(),
    onRefused: (path, error) => complaints.refused(path, error),
    onPartial: (path) => complaints.partial(path),
  });
  const locator = new SocketLocator(interfaces, namespaces, table);
  const annotator = new Annotator({ locator, lookup, tunnel: config.tunnel, onTransit: () => table.missed() });
  const ends: (() => void)[] = [];
  return {
    start() {
      namespaces.socketOf(namespaces.own);
      table.changed(0);
      const sweep = host.clock.every(SWEEP, () => {
        table.check(namespaces.withSocket());
        namespaces.closeIdle();
      });
      ends.push(
        flows.annotate((batch, hold) => annotator.annotate(batch, hold), true),
        interfaces.onChange(({ kind, adaptor }) => {
          locator.outdate();
          if (kind === "removed" || adaptor.linkNamespace !== undefined) table.changed(adaptor.index);
        }),
        () => sweep.cancel(),
      );
    },
    stop() {
      for (const end of ends.splice(0)) end();
      table.stop();
      lookup.stop();
    },
    counters: () => showCounters(annotator.counts, namespaces, lookup.strays),
    report: () => ({ lookups: showLookups(namespaces), obstacle: obstacleOf(namespaces) }),
  };
}

function obstacleOf({ own }: DiagNamespaces): string | undefined {
  return own.obstacle === undefined ? undefined : reasonOf(own.obstacle);
}
