// eapi { }: configuration from an Arista EOS switch. hsflowd.conf.

import { defineModule } from "../module.ts";

export type EapiConfig = Readonly<Record<never, never>>;

export const eapi = defineModule<EapiConfig>({
  keyword: "eapi",
  help: "configuration from an Arista EOS switch",
  options: {},
});
