// Writing JSON in steps gives the same text as JSON.stringify.

import { expect, test } from "vitest";
import { finish } from "../../agent/config/steps.ts";
import { writingJson } from "../../agent/control/json-text.ts";

test.each([
  null,
  7,
  "a\n\u001b",
  [],
  {},
  { a: undefined, b: [undefined, null, { c: [1, "x", { d: undefined }] }], "e f": true, g: Number.NaN },
  [[1], [{ a: [] }]],
])("%j", (value) => {
  expect(finish(writingJson(value) as never)).toBe(JSON.stringify(value));
});

test("stops at each element", () => {
  const steps = writingJson({ taps: Array.from({ length: 1000 }, (_, i) => ({ i })) });
  let count = 0;
  while (steps.next().done !== true) count++;
  expect(count).toBe(1000);
});
