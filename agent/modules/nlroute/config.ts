// nlroute { }: interfaces and their aliases from netlink. hsflowd.conf.

import { integer } from "../../config/number.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const nlroute = defineModule({
  keyword: "nlroute",
  help: "interfaces and their aliases from netlink",
  options: {
    limit: integer({ help: "interfaces asked for in a second", default: 50, min: 0, max: 500 }),
    link: onoff({ help: "ask for links", default: true }),
    addr: onoff({ help: "ask for addresses", default: true }),
    setIfAlias: onoff({ help: "take aliases from the kernel", default: true }),
  },
});
