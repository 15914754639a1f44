// Counters of the host's interfaces: always on, without options.

import { defineModule } from "../module.ts";

export const interfaces = defineModule({
  keyword: null,
  name: "interfaces",
  help: "counters of interfaces: traffic, errors, state and name of each",
  options: {},
});
