// Counters of this machine compared with those of systeminformation, which reads them in other ways.

import { cpu, mem, osInfo } from "systeminformation";
import { expect, test } from "vitest";
import { makeHostCpu } from "../../agent/counters/host-cpu.ts";
import { readHostDescr } from "../../agent/counters/host-descr.ts";
import { readHostMemory } from "../../agent/counters/host-memory.ts";
import { makeLinuxHost } from "../../agent/host/linux.ts";

const host = makeLinuxHost();

test("processors agree", async () => {
  expect(makeHostCpu(host)()?.value).toMatchObject({ cpu_num: (await cpu()).cores });
});

test("memory and swap agree", async () => {
  const { total, swaptotal } = await mem();
  expect(readHostMemory(host.files)?.value).toMatchObject({ mem_total: total, swap_total: swaptotal });
});

test("name and release agree", async () => {
  const { hostname, kernel } = await osInfo();
  expect(readHostDescr(host, new Uint8Array(16)).value).toMatchObject({ hostname, os_release: kernel });
});
