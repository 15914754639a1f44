// ovs { }: hands the configuration to Open vSwitch. hsflowd.conf.

import { defineModule } from "../module.ts";

export type OvsConfig = Readonly<Record<never, never>>;

export const ovs = defineModule<OvsConfig>({
  keyword: "ovs",
  help: "configures sFlow in Open vSwitch as it is configured here",
  options: {},
});
