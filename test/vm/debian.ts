// A Debian with systemd and hardly anything else, made once for each release and kept. mmdebstrap(1)

import { existsSync, renameSync, rmSync } from "node:fs";
import { run } from "../e2e/command.ts";

const CACHE = "/var/cache/hsflowd-vm";
const PACKAGES = ["systemd", "systemd-sysv", "dbus", "udev", "kmod", "iproute2"];

/** Returns the mirror that this machine's apt uses. */
function mirror(): string {
  const wanted = ["Created-By: Packages", "Origin: Debian", "Label: Debian"];
  const [first = ""] = run("apt-get", "indextargets", "--format", "$(REPO_URI)", ...wanted).split("\n");
  if (first === "") throw new Error("apt knows no mirror of Debian: type apt-get update");
  return first;
}

/** Returns the folder of its root file system. With `packages`, it has these instead of systemd. */
export function debianRoot(release: string, packages: readonly string[] = PACKAGES): string {
  const folder = packages === PACKAGES ? `${CACHE}/${release}` : `${CACHE}/${release}-tools`;
  if (existsSync(folder)) return folder;
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  const plain = ["--quiet", "--variant=minbase", "--dpkgopt=force-unsafe-io", `--include=${packages.join(",")}`];
  run("mmdebstrap", ...plain, release, part, mirror());
  renameSync(part, folder);
  return folder;
}
