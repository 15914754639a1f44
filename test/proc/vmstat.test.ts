// /proc/vmstat: four lines among many, some of them with longer names.

import { expect, it } from "vitest";
import { parseVmstat } from "../../agent/proc/vmstat.ts";
import { hostTree } from "../fakes/files.ts";

it("is not misled by longer names", () => {
  expect(parseVmstat(hostTree("arm64-server").read("/proc/vmstat") ?? "")).toEqual({
    pgpgin: 98765432109,
    pgpgout: 123456789012,
    pswpin: 0,
    pswpout: 0,
  });
});

it("leaves undefined what is missing", () => {
  expect(parseVmstat("nr_dirty 3\npswpin 4\n")).toEqual({
    pgpgin: undefined,
    pgpgout: undefined,
    pswpin: 4,
    pswpout: undefined,
  });
});
