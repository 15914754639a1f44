// dns-sd { }: collectors and rates from DNS SRV and TXT records. hsflowd.conf.

import { text } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export interface DnsSdConfig {
  readonly domain: string | undefined;
}

export const dnsSd = defineModule<DnsSdConfig>({
  keyword: "dns-sd",
  help: "collectors and rates come from DNS, and follow it",
  load: () => import("./index.ts"),
  options: {
    domain: text({
      help: "domain to ask for _sflow._udp; not given: those that /etc/resolv.conf searches",
      default: undefined,
      example: ".example.com",
      aliases: ["DNSSD_domain"],
    }),
  },
});
