// Graphics processors of a host, summed. sFlow NVML GPU Structures, "nvidia_gpu".

import { counter32, uint32, uint64 } from "../../../xdr/type.ts";
import { dataFormat } from "../../data-format.ts";
import { counterType } from "../../record.ts";

export const nvidiaGpu = counterType("nvidia_gpu", dataFormat(5703, 1), {
  device_count: uint32,
  processes: uint32,
  /** Milliseconds in which a kernel ran. */
  gpu_time: counter32,
  /** Milliseconds in which device memory was read or written. */
  mem_time: counter32,
  /** Bytes. */
  mem_total: uint64,
  mem_free: uint64,
  ecc_errors: counter32,
  /** mJ. */
  energy: counter32,
  /** Degrees Celsius, the hottest device. */
  temperature: uint32,
  /** Whole percent, the fastest fan. */
  fan_speed: uint32,
});
