// Replaces vitest where it has no build, as on an emulated machine: its expectations on Node's own test runner.

import { test as plainTest, describe as suite } from "node:test";
import { format } from "node:util";
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
export const { expect } = chai;

const each = (declare) => (cases) => (name, body) => {
  for (const one of cases) {
    const words = Array.isArray(one) ? one : [one];
    declare(format(name, ...words), () => body(...words));
  }
};

export const describe = Object.assign(suite.bind(undefined), { each: each(suite) });
export const test = Object.assign((name, body) => plainTest(name, () => body()), { each: each(plainTest) });
