// The suite inside a virtual machine: end-to-end tests, and those that need its kernel.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/vm/guest/**/*.test.ts", "test/e2e/**/*.test.ts"],
    reporters: ["default", "./test/vm/guest/line-reporter.ts"],
    // Loading a module takes a second here, and tests mostly wait: files share modules and processors.
    isolate: false,
    maxWorkers: 2,
    env: { PATIENCE: "60", PACKETS: "50000" },
    testTimeout: 300_000,
    hookTimeout: 180_000,
  },
});
