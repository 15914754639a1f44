// dbus { }: the agent's own counters on D-Bus. hsflowd.conf.

import { defineModule } from "../module.ts";

export const dbus = defineModule({
  keyword: "dbus",
  help: "answers questions about the agent on D-Bus",
  options: {},
});
