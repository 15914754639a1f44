// Compresses by the zlib of the Node.js in the package, so that the bytes do not depend on the builder's.

import { execFileSync } from "node:child_process";
import { runnableRuntime } from "./deb/runtime.mjs";

const SCRIPT =
  'const { createGzip } = require("node:zlib"); process.stdin.pipe(createGzip({ level: 9 })).pipe(process.stdout);';

/** Returns the bytes compressed. */
export const gzip = (input) =>
  execFileSync(runnableRuntime("build/cache"), ["-e", SCRIPT], { input, maxBuffer: 1 << 30 });
