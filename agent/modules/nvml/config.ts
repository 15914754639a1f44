// nvml { }: counters of NVIDIA GPUs. hsflowd.conf.

import { defineModule } from "../module.ts";

export type NvmlConfig = Readonly<Record<never, never>>;

export const nvml = defineModule<NvmlConfig>({
  keyword: "nvml",
  help: "counters of NVIDIA GPUs",
  options: {},
});
