// Builds what runs from a checkout: the agent as dist/hsflowd.js with lazy chunks, and the native shim as
// dist/shim.node.

import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { bundle } from "./bundle.mjs";

rmSync("dist", { recursive: true, force: true });
await bundle("dist");
execFileSync(process.execPath, ["native-shim/build.mjs", "dist/shim.node", "native-shim/build/shim.node"], {
  stdio: "inherit",
});
