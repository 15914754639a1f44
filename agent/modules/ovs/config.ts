// ovs { }: applies the sFlow configuration to Open vSwitch. See hsflowd.conf(5).

import { defineModule } from "../module.ts";

export const ovs = defineModule({
  keyword: "ovs",
  help: "applies this sFlow configuration to Open vSwitch",
  options: {},
});
