// sonic { }: a SONiC switch. See hsflowd.conf(5).

import { integer } from "../../config/number.ts";
import { regex } from "../../config/regex.ts";
import { onoff, text } from "../../config/word.ts";
import { defineModule } from "../module.ts";
import { SWITCHPORT } from "../shared-options.ts";

export const sonic = defineModule({
  keyword: "sonic",
  findsCollectors: true,
  help: "configuration, counters and rates of a SONiC switch",
  options: {
    switchport: regex({ help: SWITCHPORT, example: "^Ethernet[0-9]+$" }),
    unixsock: onoff({ help: "connect to redis through its unix socket", default: true }),
    dbconfig: text({
      help: "file that lists the databases",
      default: undefined,
      example: "/var/run/redis/sonic-db/database_config.json",
    }),
    waitReady: integer({
      help: "seconds to wait for the switch to be ready",
      default: 180,
      min: 0,
      max: 4_294_967_295,
    }),
    suppressOther: onoff({ help: "leave out interfaces that are not switch ports", default: true }),
    setIfAlias: onoff({ help: "use the port aliases of SONiC", default: false }),
    setIfName: onoff({ help: "use the port names of SONiC", default: false }),
  },
});
