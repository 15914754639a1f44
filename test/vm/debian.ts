// Two Debians, made once for each release and kept: one with systemd and hardly anything else, and one that is only
// unpacked. mmdebstrap(1)

import { appendFileSync, copyFileSync, existsSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../e2e/command.ts";

const CACHE = "/var/cache/hsflowd-vm";
const PACKAGES = ["systemd", "systemd-sysv", "dbus", "udev", "kmod", "iproute2"];
/** The links that the scripts of packages make. */
const LINKS = { awk: "mawk", cc: "gcc", iptables: "../sbin/iptables-nft" };
/** The user that the script of tcpdump(8) adds, for which it gives up root. */
const USER = "tcpdump:x:100:65534::/nonexistent:/usr/sbin/nologin\n";
const HOSTS = "127.0.0.1 localhost\n::1 localhost\n";

/** Returns the mirror that this machine's apt uses. */
function mirror(): string {
  const wanted = ["Created-By: Packages", "Origin: Debian", "Label: Debian"];
  const [first = ""] = run("apt-get", "indextargets", "--format", "$(REPO_URI)", ...wanted).split("\n");
  if (first === "") throw new Error("apt knows no mirror of Debian: type apt-get update");
  return first;
}

/** Returns the folder of this name. Makes it with these options if it is missing. */
function kept(name: string, release: string, options: readonly string[], complete = (_: string): void => {}): string {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  run("mmdebstrap", "--quiet", ...options, release, part, mirror());
  complete(part);
  renameSync(part, folder);
  return folder;
}

/** Returns the root file system of a Debian that boots. */
export function debianRoot(release: string): string {
  const options = ["--variant=minbase", "--dpkgopt=force-unsafe-io", `--include=${PACKAGES.join(",")}`];
  return kept(release, release, options);
}

/**
 * Returns a root file system for chroot(1) with these packages. They are unpacked and not set up, which takes one
 * minute instead of ten.
 */
export function unpackedDebian(release: string, packages: readonly string[]): string {
  const options = ["--variant=extract", "--include=?essential", `--include=${packages.join(",")}`];
  return kept(`${release}-tools`, release, options, (root) => {
    for (const name of ["passwd", "group"])
      copyFileSync(join(root, `usr/share/base-passwd/${name}.master`), join(root, "etc", name));
    appendFileSync(join(root, "etc/passwd"), USER);
    writeFileSync(join(root, "etc/hosts"), HOSTS);
    for (const [name, target] of Object.entries(LINKS)) symlinkSync(target, join(root, "usr/bin", name));
  });
}
