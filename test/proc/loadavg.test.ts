// /proc/loadavg of small and large machines.

import { expect, it } from "vitest";
import { parseLoadavg } from "../../agent/proc/loadavg.ts";

it("reads averages and numbers of threads", () => {
  expect(parseLoadavg("63.90 48.12 31.07 65/4321 1234567\n")).toEqual({
    one: 63.9,
    five: 48.12,
    fifteen: 31.07,
    running: 65,
    total: 4321,
  });
});

it("returns undefined for another format", () => {
  for (const text of ["", "\n", "0.1 0.2", "a b c 1/2 3", "0.1 0.2 0.3 4 5"])
    expect(parseLoadavg(text)).toBe(undefined);
});
