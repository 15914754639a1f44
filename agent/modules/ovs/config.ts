// ovs { }: hands the configuration to Open vSwitch. hsflowd.conf.

import { defineModule } from "../module.ts";

export const ovs = defineModule({
  keyword: "ovs",
  help: "configures sFlow in Open vSwitch as it is configured here",
  options: {},
});
