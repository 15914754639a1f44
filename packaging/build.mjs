// Builds the agent for a checkout: dist/hsflowd.js with its lazy chunks, the native shim dist/shim.node, and the helper
// of the package's service.

import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { bundle } from "./bundle.mjs";

rmSync("dist", { recursive: true, force: true });
await bundle("dist");
for (const words of [
  ["dist/shim.node", "native-shim/build/shim.node"],
  ["--helper", "dist/hsflowd-namespaces"],
])
  execFileSync(process.execPath, ["native-shim/build.mjs", ...words], { stdio: "inherit" });
