// Discards the sequence numbers of removed interfaces. They are not needed again, because the kernel does not soon
// reuse an ifIndex.

import type { Interfaces } from "../interfaces/adaptor.ts";
import { DataSourceClass, interfaceSource } from "../sflow/data-source.ts";
import type { RunningAgent } from "../sflow/make-agent.ts";

/** Discards them now, and on each removal. */
export function forgetRemoved(
  agent: Pick<RunningAgent, "forget" | "numbered">,
  interfaces: Pick<Interfaces, "onChange" | "byIndex">,
): void {
  interfaces.onChange(({ kind, adaptor }) => {
    if (kind === "removed") agent.forget(interfaceSource(adaptor.index));
  });
  for (const { source } of agent.numbered()) {
    if (source.class !== DataSourceClass.ifIndex) continue;
    if (interfaces.byIndex(source.index) === undefined) agent.forget(source);
  }
}
