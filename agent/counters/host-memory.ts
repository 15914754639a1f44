// Reads memory, swap and paging of this host. /proc/meminfo, /proc/vmstat; sFlow Host Structures, "host_memory".

import type { Files } from "../host/host.ts";
import { parseMeminfo } from "../proc/meminfo.ts";
import { parseVmstat } from "../proc/vmstat.ts";
import { type CounterRecord, counterRecord } from "../sflow/record.ts";
import { hostMemory } from "../sflow/records/counter/host-memory.ts";

/**
 * Reads the record. Sizes are in bytes, page_in and page_out in KiB, swap_in and swap_out in pages, as in the kernel.
 */
export function readHostMemory(files: Files): CounterRecord | undefined {
  const memory = files.read("/proc/meminfo");
  const paging = files.read("/proc/vmstat");
  if (memory === undefined && paging === undefined) return undefined;
  const values = parseMeminfo(memory ?? "");
  const bytes = (name: string): number => values.get(name) ?? 0;
  const { pgpgin, pgpgout, pswpin, pswpout } = parseVmstat(paging ?? "");
  return counterRecord(hostMemory, {
    mem_total: bytes("MemTotal"),
    mem_free: bytes("MemFree"),
    mem_shared: bytes("Shmem"),
    mem_buffers: bytes("Buffers"),
    mem_cached: bytes("Cached") + bytes("SReclaimable"),
    swap_total: bytes("SwapTotal"),
    swap_free: bytes("SwapFree"),
    page_in: pgpgin,
    page_out: pgpgout,
    swap_in: pswpin,
    swap_out: pswpout,
  });
}
