// eapi { }: configuration from an Arista EOS switch. hsflowd.conf.

import { defineModule } from "../module.ts";

export const eapi = defineModule({
  keyword: "eapi",
  findsCollectors: true,
  help: "configuration from an Arista EOS switch",
  options: {},
});
