// `npm run fuzz [SECONDS] [--keep]`: bundles the fuzzer and runs it, SECONDS for each target.

import { spawnSync } from "node:child_process";
import { build } from "esbuild";

await build({
  entryPoints: { fuzz: "test/fuzz/main.ts" },
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, ["dist/fuzz.js", ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = status ?? 1;
