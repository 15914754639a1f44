// dbus { }: the agent's own counters on D-Bus. hsflowd.conf.

import { defineModule } from "../module.ts";

export type DbusConfig = Readonly<Record<never, never>>;

export const dbus = defineModule<DbusConfig>({
  keyword: "dbus",
  help: "answers questions about the agent on D-Bus",
  options: {},
});
