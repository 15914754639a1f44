// Builds the agent for a checkout: dist/hsflowd.js with its lazy chunks, and the native shim dist/shim.node.

import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { bundle } from "./bundle.mjs";

rmSync("dist", { recursive: true, force: true });
await bundle("dist");
execFileSync(process.execPath, ["native-shim/build.mjs", "dist/shim.node", "native-shim/build/shim.node"], {
  stdio: "inherit",
});
