// Reads the memory of a cgroup without the page cache that the kernel would reclaim: memory.usage_in_bytes (v1), or
// memory.current (v2).

import { parseKey, parseLimit, parseNumber } from "../proc/cgroup.ts";
import type { ControlGroup, TextFiles } from "./control-group.ts";

interface MemoryFiles {
  readonly folder: string;
  readonly usage: string;
  readonly limit: string;
  /** The key in memory.stat of page cache not used recently, which `docker stats` subtracts too. */
  readonly reclaimable: string;
}

function memoryFiles(group: ControlGroup): MemoryFiles | undefined {
  if (group.memory !== undefined) {
    const v1 = { usage: "memory.usage_in_bytes", limit: "memory.limit_in_bytes", reclaimable: "total_inactive_file" };
    return { folder: group.memory, ...v1 };
  }
  if (group.unified === undefined) return undefined;
  return { folder: group.unified, usage: "memory.current", limit: "memory.max", reclaimable: "inactive_file" };
}

/** Returns bytes, or undefined if the cgroup was removed. */
export function readMemory(files: TextFiles, group: ControlGroup): number | undefined {
  const at = memoryFiles(group);
  if (at === undefined) return undefined;
  const usage = parseNumber(files.read(`${at.folder}/${at.usage}`));
  const stat = usage === undefined ? undefined : files.read(`${at.folder}/memory.stat`);
  if (usage === undefined || stat === undefined) return usage;
  return Math.max(0, usage - (parseKey(stat, at.reclaimable) ?? 0));
}

/** Returns the limit in bytes, or undefined without a limit. */
export function readMemoryLimit(files: TextFiles, group: ControlGroup): number | undefined {
  const at = memoryFiles(group);
  return at === undefined ? undefined : parseLimit(files.read(`${at.folder}/${at.limit}`));
}
