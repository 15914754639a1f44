// Before the first virtual machine: what every one of them is given is there.

import { releasePackage } from "../e2e/package.ts";
import { setup as prepare } from "../e2e/prepare.ts";

export function setup(): void {
  prepare();
  releasePackage();
}
