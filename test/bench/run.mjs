// `npm run bench`: bundles the benchmark beside the agent and runs it. As root: it makes network namespaces.

import { spawnSync } from "node:child_process";
import { build } from "esbuild";

await build({
  entryPoints: {
    bench: "test/bench/main.ts",
    "bench-sender": "test/bench/sender-process.ts",
    "bench-sink": "test/bench/sink-process.ts",
  },
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: ["dockerode"],
});
const { status } = spawnSync(process.execPath, ["dist/bench.js", ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = status ?? 1;
