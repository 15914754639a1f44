// sonic { }: a SONiC switch. hsflowd.conf.

import { integer } from "../../config/number.ts";
import { regex } from "../../config/regex.ts";
import { onoff, text } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const sonic = defineModule({
  keyword: "sonic",
  findsCollectors: true,
  help: "configuration, counters and rates of a SONiC switch",
  options: {
    switchport: regex({ help: "interfaces that are ports of the switch", example: "^Ethernet[0-9]+$" }),
    unixsock: onoff({ help: "ask redis through its UNIX socket", default: true }),
    dbconfig: text({
      help: "file that names the databases",
      default: undefined,
      example: "/var/run/redis/sonic-db/database_config.json",
    }),
    waitReady: integer({
      help: "seconds to wait for the switch to be ready",
      default: 180,
      min: 0,
      max: 4_294_967_295,
    }),
    suppressOther: onoff({ help: "leave out interfaces that are no ports", default: true }),
    setIfAlias: onoff({ help: "take port aliases from SONiC", default: false }),
    setIfName: onoff({ help: "take port names from SONiC", default: false }),
  },
});
