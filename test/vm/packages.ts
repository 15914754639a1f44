// Packages in the folder `packages`: first.deb, as released, later.deb, to which the test upgrades, and hsflowd.deb, in
// the place of hsflowd's own.

import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../e2e/command.ts";
import { releasePackage } from "../e2e/package.ts";
import { makeStandIn } from "../e2e/stand-in.ts";

/**
 * The later package is the same but for its version and not compressed: unpacking takes an emulated machine too long.
 */
export function makePackages(folder: string): void {
  const first = releasePackage();
  const tree = join(folder, "tree");
  run("dpkg-deb", "-R", first, tree);
  const control = join(tree, "DEBIAN/control");
  writeFileSync(control, readFileSync(control, "utf8").replace(/^Version: .*$/m, "$&+later"));
  mkdirSync(join(folder, "packages"));
  copyFileSync(first, join(folder, "packages/first.deb"));
  run("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, join(folder, "packages/later.deb"));
  renameSync(makeStandIn(folder), join(folder, "packages/hsflowd.deb"));
}
