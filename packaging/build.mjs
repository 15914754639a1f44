// Bundles the agent into dist/hsflowd.js with lazy chunks, and compiles the native shim into dist/shim.node.

import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: { hsflowd: "agent/main.ts" },
  outdir: "dist",
  chunkNames: "chunk-[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: ["cap", "cpu-features", "ssh2"],
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module";const require = makeRequire(import.meta.url);',
  },
  legalComments: "none",
});
execFileSync(process.execPath, ["native-shim/build.mjs", "dist/shim.node", "native-shim/build/shim.node"], {
  stdio: "inherit",
});
