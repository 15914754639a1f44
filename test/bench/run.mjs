// `npm run bench`, `npm run soak`, `npm run docs`: bundles one of them beside the agent and runs it. Run as root:
// bench and soak make network namespaces. They measure what is installed: the package's Node.js, with the flags and
// the environment with which the package starts the agent.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { runnableRuntime } from "../../packaging/deb/runtime.mjs";

/** Uses this machine's Node.js where the package's is not available. */
function findNode() {
  try {
    return runnableRuntime("build/cache");
  } catch (error) {
    process.stderr.write(`measured on Node.js ${process.version}, not on the package's: ${error.message}\n`);
    return process.execPath;
  }
}

await build({
  entryPoints: {
    bench: "test/bench/main.ts",
    readme: "test/bench/readme.ts",
    soak: "test/bench/soak.ts",
    "low-rates": "test/bench/low-rates-table.ts",
    "bench-gaps": "test/bench/gaps-process.ts",
    "bench-sender": "test/bench/sender-process.ts",
    "bench-sink": "test/bench/sink-process.ts",
    "bench-unsampled": "test/bench/unsampled-process.ts",
  },
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // Loaded as the agent loads them: one has a binary of its own.
  external: ["dockerode", "cap"],
});
const node = findNode();
const isKnown = (flag) => spawnSync(node, [flag, "--eval", ""]).status === 0;
const launcher = readFileSync("packaging/deb/hsflowd", "utf8");
const [, command = ""] = /^exec \S+\/node([\s\S]*)$/m.exec(launcher) ?? [];
const flags = (command.match(/ --\S+/g) ?? []).map((flag) => flag.trim()).filter(isKnown);
const exported = Object.fromEntries(
  [...launcher.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
);
const env = { ...process.env, ...exported, CHECKOUT_NODE: process.execPath, NODE_FLAGS: flags.join(" ") };
const [what = "bench", ...words] = process.argv.slice(2);
const { status } = spawnSync(node, [...flags, `dist/${what}.js`, ...words], { stdio: "inherit", env });
process.exitCode = status ?? 1;
