// nlroute { }: interfaces and their aliases from netlink. See hsflowd.conf(5).

import { integer } from "../../config/number.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const nlroute = defineModule({
  keyword: "nlroute",
  help: "interfaces and their aliases from netlink",
  options: {
    limit: integer({ help: "maximum interface queries a second", default: 50, min: 0, max: 500 }),
    link: onoff({ help: "query links", default: true }),
    addr: onoff({ help: "query addresses", default: true }),
    setIfAlias: onoff({ help: "use the interface aliases of the kernel", default: true }),
  },
});
