// nvml { }: counters of NVIDIA GPUs. hsflowd.conf.

import { defineModule } from "../module.ts";

export const nvml = defineModule({
  keyword: "nvml",
  help: "counters of NVIDIA GPUs",
  options: {},
});
