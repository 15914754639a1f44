// dbus { }: status of the agent on D-Bus. See hsflowd.conf(5).

import { defineModule } from "../module.ts";

export const dbus = defineModule({
  keyword: "dbus",
  help: "status of the agent on D-Bus",
  options: {},
});
