// Graphics processors of a host, summed. See sFlow NVML GPU Structures, "nvidia_gpu".

import { counter32, uint32, uint64 } from "../../../xdr/type.ts";
import { dataFormat } from "../../data-format.ts";
import { counterType } from "../../record.ts";

export const nvidiaGpu = counterType("nvidia_gpu", dataFormat(5703, 1), {
  device_count: uint32,
  processes: uint32,
  /** Milliseconds in which a GPU kernel was running. */
  gpu_time: counter32,
  /** Milliseconds in which device memory was read or written. */
  mem_time: counter32,
  /** Sizes in bytes. */
  mem_total: uint64,
  mem_free: uint64,
  ecc_errors: counter32,
  /** Energy in mJ. */
  energy: counter32,
  /** Temperature of the hottest device in degrees Celsius. */
  temperature: uint32,
  /** Speed of the fastest fan in whole percent. */
  fan_speed: uint32,
});
