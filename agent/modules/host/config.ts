// Counters of the host itself: always on, without options.

import { defineModule } from "../module.ts";

export const host = defineModule({
  keyword: null,
  name: "host",
  help: "counters of the host: processors, memory, disks, network, IP protocols",
  options: {},
});
