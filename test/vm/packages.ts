// Two packages in the folder `packages`: first.deb, as released, and later.deb, to which the test upgrades.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../e2e/command.ts";
import { releasePackage } from "../e2e/package.ts";

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
}
