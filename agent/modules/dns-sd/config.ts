// dns-sd { }: collectors and rates from DNS SRV and TXT records. See hsflowd.conf(5).

import type { ValuesOf } from "../../config/option.ts";
import { text } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const dnsSd = defineModule({
  keyword: "dns-sd",
  findsCollectors: true,
  help: "collectors and settings from DNS, kept up to date",
  options: {
    domain: text({
      help: "domain in which to look up _sflow._udp; default: the search list of /etc/resolv.conf",
      default: undefined,
      example: ".example.com",
      aliases: ["DNSSD_domain"],
    }),
  },
});

export type DnsSdConfig = ValuesOf<typeof dnsSd.options>;
