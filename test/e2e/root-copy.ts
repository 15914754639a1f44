// A throw-away copy of this machine's root, in which packages are installed. overlayfs, unshare(1)

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.ts";

/** Runs the script with the copy as root. The folder `packages` is /deb there; the script's standard input is empty. */
export function runInCopy(folder: string, packages: string, script: string): string {
  const root = join(folder, "root");
  mkdirSync(root, { recursive: true });
  const mounts = `set -e
mount -t tmpfs none ${root}; cd ${root}; mkdir upper work merged
mount -t overlay none -o lowerdir=/,upperdir=upper,workdir=work merged
mount -t proc none merged/proc; mount --rbind /dev merged/dev; mount -t tmpfs none merged/run; mkdir merged/deb
mount --bind ${packages} merged/deb
exec chroot merged sh -ec "$1" </dev/null`;
  return run("unshare", "--mount", "--pid", "--fork", "sh", "-c", mounts, "sh", script);
}
