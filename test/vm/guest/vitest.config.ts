// The suite that runs inside a virtual machine: end-to-end tests as they are, and those of what only its kernel has.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/vm/guest/**/*.test.ts", "test/e2e/**/*.test.ts"],
    reporters: ["default", "./test/vm/guest/line-reporter.ts"],
    // Loading a module takes a second here, and most of the time goes to waiting: files share modules and processors.
    isolate: false,
    maxWorkers: 2,
    env: { PATIENCE: "60", PACKETS: "50000" },
    testTimeout: 300_000,
    hookTimeout: 180_000,
  },
});
