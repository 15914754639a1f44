// host_memory.

import { expect, it } from "vitest";
import { readHostMemory } from "../../agent/counters/host-memory.ts";
import { hostTree } from "../fakes/files.ts";

it("has bytes, KiB and pages, as in the kernel", () => {
  expect(readHostMemory(hostTree("arm64-server"))?.value).toEqual({
    mem_total: 1056498468 * 1024,
    mem_free: 523344100 * 1024,
    mem_shared: 10485760 * 1024,
    mem_buffers: 2097152 * 1024,
    mem_cached: (314572800 + 20971520) * 1024,
    swap_total: 8388604 * 1024,
    swap_free: 8388604 * 1024,
    page_in: 98765432109,
    page_out: 123456789012,
    swap_in: 0,
    swap_out: 0,
  });
});

it("has a record if one file is unreadable, and none if both are", () => {
  const files = hostTree("virtual-machine");
  files.over["/proc/vmstat"] = undefined;
  expect(readHostMemory(files)?.value).toMatchObject({ mem_total: 24684084 * 1024, page_in: undefined });
  files.over["/proc/meminfo"] = undefined;
  expect(readHostMemory(files)).toBe(undefined);
});
