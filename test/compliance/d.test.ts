// Each check of timing, on a stream that is late, early or in step.

import { expect, it } from "vitest";
import { countersSample } from "../sflow/build.ts";
import { flow, START } from "./good.ts";
import { found, one, poll, sent } from "./sent.ts";
import type { Captured } from "./stream.ts";

const polls = (times: readonly number[]): Captured[] => sent(...times.map((at, i) => ({ at, samples: poll(i + 1) })));

it.each<[string, Captured[]]>([
  ["D-01", [{ ...sent({ at: 1.5, samples: [flow(1, START)] })[0]! }]],
  ["D-03", polls([0, 10, 22])],
  ["D-04", polls([0, 2, 4, 6])],
  ["D-07", polls([11, 21])],
  ["D-08", polls([0, 11, 22, 33, 44, 55, 66, 77])],
  [
    "D-10",
    sent({ at: 0, samples: one(1) }, { at: 1, samples: one(2), head: { uptime: 6500 } }, { at: 2, samples: one(3) }),
  ],
  ["D-11", sent(...Array.from({ length: 300 }, (_, i) => ({ at: i / 400, samples: one(i + 1) })))],
])("%s speaks", (id, captured) => {
  expect(found("D", captured)).toContain(id);
});

it("D-05 reports sources that are all polled in one second", () => {
  const sources = Array.from({ length: 10 }, (_, i) => countersSample([], { source: [0, i + 10] }));
  expect(found("D", sent({ at: 0, samples: sources }), { polling: 30 })).toContain("D-05");
});
