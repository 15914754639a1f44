// dns-sd { }: collectors and rates from DNS SRV and TXT records. hsflowd.conf.

import type { ValuesOf } from "../../config/option.ts";
import { text } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const dnsSd = defineModule({
  keyword: "dns-sd",
  findsCollectors: true,
  help: "collectors and rates come from DNS, and follow it",
  options: {
    domain: text({
      help: "domain to ask for _sflow._udp; not given: those that /etc/resolv.conf searches",
      default: undefined,
      example: ".example.com",
      aliases: ["DNSSD_domain"],
    }),
  },
});

export type DnsSdConfig = ValuesOf<typeof dnsSd.options>;
