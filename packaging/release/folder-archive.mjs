// Archives a folder, with names in order, one time and root as owner, so that equal contents have equal bytes. See
// tar(1).

import { execFileSync } from "node:child_process";

/** Returns the bytes of a tar archive. */
export function tar(folder, epoch, paths = ["."]) {
  const plain = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu", `--mtime=@${epoch}`];
  return execFileSync("tar", [...plain, "-C", folder, "-cf", "-", ...paths], { maxBuffer: 1 << 30 });
}
