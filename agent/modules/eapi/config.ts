// eapi { }: configuration from an Arista EOS switch. See hsflowd.conf(5).

import { defineModule } from "../module.ts";

export const eapi = defineModule({
  keyword: "eapi",
  findsCollectors: true,
  help: "configuration from an Arista EOS switch",
  options: {},
});
