// nvml { }: counters of NVIDIA GPUs. See hsflowd.conf(5).

import { defineModule } from "../module.ts";

export const nvml = defineModule({
  keyword: "nvml",
  help: "counters of NVIDIA GPUs",
  options: {},
});
