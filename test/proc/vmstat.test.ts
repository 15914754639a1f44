// /proc/vmstat: four lines among many, some with longer names.

import { expect, it } from "vitest";
import { parseVmstat } from "../../agent/proc/vmstat.ts";
import { hostTree } from "../fakes/files.ts";

it("does not take a longer name for a key", () => {
  expect(parseVmstat(hostTree("arm64-server").read("/proc/vmstat") ?? "")).toEqual({
    pgpgin: 98765432109,
    pgpgout: 123456789012,
    pswpin: 0,
    pswpout: 0,
  });
});

it("returns undefined for missing keys", () => {
  expect(parseVmstat("nr_dirty 3\npswpin 4\n")).toEqual({
    pgpgin: undefined,
    pgpgout: undefined,
    pswpin: 4,
    pswpout: undefined,
  });
});
