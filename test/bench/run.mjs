// `npm run bench`, `npm run soak`, `npm run docs`: bundles one of them beside the agent and runs it. As root: the first
// two make network namespaces.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { build } from "esbuild";

await build({
  entryPoints: {
    bench: "test/bench/main.ts",
    readme: "test/bench/readme.ts",
    soak: "test/bench/soak.ts",
    "bench-gaps": "test/bench/gaps-process.ts",
    "bench-sender": "test/bench/sender-process.ts",
    "bench-sink": "test/bench/sink-process.ts",
  },
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // Loaded as the agent loads them: one comes with a binary of its own.
  external: ["dockerode", "cap"],
});
// Everything runs with the flags and in the environment with which the package starts the agent.
const launcher = readFileSync("packaging/deb/hsflowd", "utf8");
const [, flags = ""] = /node (--.*) \\\n/.exec(launcher) ?? [];
const exported = Object.fromEntries(
  [...launcher.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
);
const env = { ...process.env, ...exported, NODE_FLAGS: flags };
const [what = "bench", ...words] = process.argv.slice(2);
const { status } = spawnSync(process.execPath, [...flags.split(" "), `dist/${what}.js`, ...words], {
  stdio: "inherit",
  env,
});
process.exitCode = status ?? 1;
