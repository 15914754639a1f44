// What `status` shows of lookups: all of them together, then by network namespace.

import type { SampleCounts } from "./annotator.ts";
import type { LookupCounts } from "./counts.ts";
import type { Namespaces } from "./namespaces.ts";

export function showCounters(
  samples: SampleCounts,
  namespaces: Namespaces,
  strays: number,
): Readonly<Record<string, number>> {
  const shown: Record<string, number> = { ...samples, ...named(namespaces.totals(), ""), strays };
  const all = namespaces.all();
  shown["sockets"] = all.filter(({ socket }) => socket !== undefined).length;
  if (all.length > 1) for (const { path, counts } of all) Object.assign(shown, named(counts, ` ${path ?? "host"}`));
  return shown;
}

const named = (counts: LookupCounts, suffix: string): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).map(([name, value]) => [`${name}${suffix}`, value]));
