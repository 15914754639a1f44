// Three suites: `unit` needs nothing but Node; `e2e` runs the built agent on real packets and is run as root, one file
// at a time; `vm` does so in virtual machines, for what this machine's kernel and system are not.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    reporters: process.env["CI"] ? ["dot", "./test/summary-reporter.ts"] : ["default", "./test/summary-reporter.ts"],
    globalSetup: "./test/build-addon.ts",
    projects: [
      {
        test: {
          name: "unit",
          // No test changes a module, so files share them: loading them anew for each costs more than all tests.
          isolate: false,
          include: ["test/**/*.test.ts"],
          // Some compute for seconds, and the machine may be busy elsewhere.
          testTimeout: 30_000,
          exclude: ["test/e2e/**", "test/vm/**"],
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: "./test/e2e/prepare.ts",
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "vm",
          include: ["test/vm/*.test.ts"],
          globalSetup: "./test/vm/prepare.ts",
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
