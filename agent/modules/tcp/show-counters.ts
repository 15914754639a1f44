// Counters of lookups for `status`: in total, and by network namespace.

import type { LookupReport } from "../../report/report.ts";
import type { SampleCounts } from "./annotator.ts";
import type { DiagNamespaces } from "./diag-namespaces.ts";

export const showCounters = (
  samples: SampleCounts,
  namespaces: DiagNamespaces,
  strays: number,
): Readonly<Record<string, number>> => ({
  ...samples,
  ...namespaces.totals(),
  strays,
  sockets: namespaces.all().filter(({ socket }) => socket !== undefined).length,
});

export const showLookups = (namespaces: DiagNamespaces): LookupReport[] =>
  namespaces.all().map(({ path, counts }) => ({ namespace: path ?? "host", ...counts }));
