// Runs before the first virtual machine: prepares what all of them need.

import { releasePackage } from "../e2e/package.ts";
import { setup as prepare } from "../e2e/prepare.ts";

export function setup(): void {
  prepare();
  releasePackage();
}
