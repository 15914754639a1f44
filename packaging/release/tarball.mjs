// Makes the archive for systems without dpkg: the files of the package, install.sh and a page.

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tar } from "./folder-archive.mjs";

/** Writes the archive of the package's files in `tree`. */
export function makeTarball(file, tree, scratch, { name, version, epoch, level }) {
  const top = `${name}-${version}`;
  const folder = join(scratch, top);
  mkdirSync(folder, { recursive: true });
  cpSync(join(tree, "usr"), join(folder, "usr"), { recursive: true, verbatimSymlinks: true });
  rmSync(join(folder, "usr/share/lintian"), { recursive: true });
  const files = {
    "packaging/release/install.sh": 0o755,
    "packaging/release/tarball.md": 0o644,
    "etc/hsflowd.conf": 0o644,
  };
  for (const [path, mode] of Object.entries(files)) {
    const to = join(folder, path.replace(/^.*\//, "").replace("tarball.md", "README.md"));
    copyFileSync(path, to);
    chmodSync(to, mode);
  }
  const input = tar(scratch, epoch, [top]);
  // One thread: the number may change the bytes.
  writeFileSync(file, execFileSync("xz", [`-${level}`, "--threads=1", "--stdout"], { input, maxBuffer: 1 << 30 }));
  rmSync(scratch, { recursive: true });
}
