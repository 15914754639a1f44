// Bundles the agent into dist/hsflowd.js with lazy chunks, and compiles the native shim into dist/shim.node.

import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "esbuild";

/** What dockerode does besides asking an engine: images, build sessions, SSH. All of it is most of its weight. */
const UNUSED = /^(ssh2|protobufjs|@grpc\/.*|@balena\/dockerignore|tar-fs)$/;
const leaveOut = {
  name: "leave-out",
  setup(build) {
    build.onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: "left-out" }));
    build.onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents: "module.exports = {};" }));
  },
};

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
  external: ["cap"],
  plugins: [leaveOut],
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module";const require = makeRequire(import.meta.url);',
  },
  legalComments: "none",
});
execFileSync(process.execPath, ["native-shim/build.mjs", "dist/shim.node", "native-shim/build/shim.node"], {
  stdio: "inherit",
});
