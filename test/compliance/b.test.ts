// Each check of sequence and identity, on a stream with one fault.

import { expect, it } from "vitest";
import { discardSample, u32 } from "../sflow/build.ts";
import { flow, START } from "./good.ts";
import { found, one, poll, type Sent, sent } from "./sent.ts";

it.each<[string, Sent[]]>([
  [
    "B-01",
    [
      { at: 0, samples: one(1) },
      { at: 1, samples: one(2), head: { sequence: 3 } },
    ],
  ],
  [
    "B-01",
    [
      { at: 0, samples: one(1) },
      { at: 1, samples: one(2), head: { sequence: 1 } },
    ],
  ],
  [
    "B-02",
    [
      { at: 0, samples: one(1) },
      { at: 1, samples: one(3) },
    ],
  ],
  [
    "B-03",
    [
      { at: 0, samples: poll(1) },
      { at: 1, samples: poll(3) },
    ],
  ],
  [
    "B-04",
    [
      { at: 0, samples: [discardSample([])] },
      { at: 1, samples: [discardSample([], { sequence: 3 })] },
    ],
  ],
  [
    "B-06",
    [
      { at: 0, samples: one(1) },
      { at: 1, samples: one(2), head: { agent: u32(1, 0x0a00_0001) } },
    ],
  ],
  ["B-07", [{ at: 0, samples: one(1), head: { agent: u32(1, 0x0a00_0001) } }]],
  ["B-07", [{ at: 0, samples: one(1), head: { agent: u32(1, 0) } }]],
  [
    "B-08",
    [
      { at: 0, samples: one(1) },
      { at: 1, samples: one(2), head: { subAgentId: 2 } },
    ],
  ],
  [
    "B-09",
    [
      { at: 0, samples: one(1) },
      { at: 1, samples: one(2), head: { uptime: 4000 } },
    ],
  ],
  [
    "B-09",
    [
      { at: 0, samples: one(1) },
      { at: 1, samples: one(2), head: { uptime: 9000 } },
    ],
  ],
  [
    "B-15",
    [
      { at: 0, samples: one(1) },
      { at: 1, samples: one(2), head: { subAgentId: 2 } },
    ],
  ],
  [
    "B-18",
    [
      { at: 0, samples: one(2) },
      { at: 1, samples: one(1) },
    ],
  ],
])("%s speaks", (id, datagrams) => {
  expect(found("B", sent(...datagrams))).toContain(id);
});

it("B-16 reports a changed source port", () => {
  const stream = sent({ at: 0, samples: one(1) }, { at: 1, samples: one(2) });
  expect(
    found(
      "B",
      stream.map((captured, i) => ({ ...captured, sourcePort: 40_000 + i })),
    ),
  ).toContain("B-16");
});

it("accepts the wrap of every number", () => {
  const numbers = [0xffff_fffe, 0xffff_ffff, 0, 1];
  const stream = sent(
    ...numbers.map((sequence, i) => ({
      at: i / 10,
      samples: [flow(i, START + i / 10, { sequence, pool: (sequence * 100) >>> 0 })],
      head: { sequence, uptime: (0xffff_ff80 + i * 100) >>> 0 },
    })),
  );
  expect(found("B", stream).filter((id) => id.startsWith("B"))).toEqual([]);
});
