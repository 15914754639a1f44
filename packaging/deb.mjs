// Builds build/hsflowd-ts_VERSION_ARCHITECTURE.deb for amd64 and arm64, or for those that are named. The same commit
// gives the same bytes, on any day and in any folder. deb(5), https://reproducible-builds.org/docs/source-date-epoch

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundle } from "./bundle.mjs";
import { fetchRuntime } from "./deb/runtime.mjs";

const OUT = "build";
const CACHE = "build/cache";
const HOME = "usr/lib/hsflowd-ts";
const DOC = "usr/share/doc/hsflowd-ts";

/** What compiles and strips for an architecture. */
const TOOLS = { amd64: "x86_64-linux-gnu-", arm64: "aarch64-linux-gnu-" };

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const epoch =
  process.env["SOURCE_DATE_EPOCH"] ?? execFileSync("git", ["log", "-1", "--format=%ct"], { encoding: "utf8" }).trim();

const run = (command, words, env = {}) =>
  execFileSync(command, words, { stdio: "inherit", env: { ...process.env, SOURCE_DATE_EPOCH: epoch, ...env } });

/** Mode and place of each file; what its bytes are is a path to copy, or the bytes. */
class Tree {
  constructor(root) {
    this.root = root;
  }

  at(path, mode, fill) {
    const target = join(this.root, path);
    mkdirSync(dirname(target), { recursive: true });
    fill(target);
    chmodSync(target, mode);
  }

  copy(from, path, mode = 0o644) {
    this.at(path, mode, (target) => copyFileSync(from, target));
  }

  write(path, bytes, mode = 0o644) {
    this.at(path, mode, (target) => writeFileSync(target, bytes));
  }

  /** Paths of all files, sorted. */
  files(folder = "") {
    return readdirSync(join(this.root, folder), { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => (entry.isDirectory() ? this.files(join(folder, entry.name)) : [join(folder, entry.name)]));
  }

  /** Whatever the umask of whoever builds. */
  openFolders(folder = "") {
    chmodSync(join(this.root, folder), 0o755);
    for (const entry of readdirSync(join(this.root, folder), { withFileTypes: true })) {
      if (entry.isDirectory()) this.openFolders(join(folder, entry.name));
    }
  }
}

const zipped = (bytes) => gzipSync(bytes, { level: 9 });

/** CHANGELOG.md as Debian reads it: one entry a version, all of them of this commit's day. */
function changelog() {
  const date = new Date(Number(epoch) * 1000).toUTCString().replace("GMT", "+0000");
  const [, ...sections] = readFileSync("CHANGELOG.md", "utf8").split(/^## /m);
  return sections
    .map((section) => {
      const [title, ...lines] = section.trim().split("\n");
      const items = lines
        .filter((line) => line !== "")
        .map((line) => (line.startsWith("- ") ? `  * ${line.slice(2)}` : `    ${line.trim()}`));
      return `hsflowd-ts (${title}) stable; urgency=medium\n\n${items.join("\n")}\n\n -- the hsflowd-ts authors <hsflowd-ts@localhost>  ${date}\n`;
    })
    .join("\n");
}

function addProgram(tree, architecture) {
  const runtime = fetchRuntime(architecture, CACHE);
  tree.copy(join(runtime, "bin/node"), `${HOME}/node`, 0o755);
  const flags = `-include packaging/deb/glibc.h -ffile-prefix-map=${process.cwd()}=.`;
  run(process.execPath, ["native-shim/build.mjs", join(tree.root, HOME, "shim.node")], {
    CC: `${TOOLS[architecture]}gcc`,
    CFLAGS: flags,
  });
  chmodSync(join(tree.root, HOME, "shim.node"), 0o644);
  for (const name of ["node", "shim.node"])
    run(`${TOOLS[architecture]}strip`, ["--strip-unneeded", join(tree.root, HOME, name)]);
  tree.write(`${HOME}/package.json`, `${JSON.stringify({ type: "module" })}\n`);
  tree.copy("packaging/deb/hsflowd", "usr/sbin/hsflowd", 0o755);
}

function addSystem(tree) {
  tree.copy("etc/hsflowd.conf", "etc/hsflowd.conf");
  tree.copy("packaging/deb/hsflowd.service", "usr/lib/systemd/system/hsflowd.service");
  tree.copy("packaging/deb/sysusers.conf", "usr/lib/sysusers.d/hsflowd.conf");
  tree.copy("packaging/deb/tmpfiles.conf", "usr/lib/tmpfiles.d/hsflowd.conf");
}

function addDocumentation(tree, pages) {
  tree.write("usr/share/man/man8/hsflowd.8.gz", zipped(readFileSync(join(pages, "hsflowd.8"))));
  tree.write("usr/share/man/man5/hsflowd.conf.5.gz", zipped(readFileSync(join(pages, "hsflowd.conf.5"))));
  tree.write(`${DOC}/changelog.gz`, zipped(changelog()));
  tree.copy("LICENSE", `${DOC}/copyright`);
}

function addControl(tree, architecture) {
  const files = tree.files();
  const kibibytes = files.reduce((sum, file) => sum + Math.ceil(lstatSync(join(tree.root, file)).size / 1024), 0);
  const values = { version, architecture, size: kibibytes };
  const control = readFileSync("packaging/deb/control", "utf8").replace(/\$\{(\w+)\}/g, (_, name) => values[name]);
  const sum = (file) =>
    createHash("md5")
      .update(readFileSync(join(tree.root, file)))
      .digest("hex");
  tree.write("DEBIAN/control", control);
  tree.write(
    "DEBIAN/md5sums",
    files
      .filter((file) => !file.startsWith("etc/"))
      .map((file) => `${sum(file)}  ${file}\n`)
      .join(""),
  );
  tree.write("DEBIAN/conffiles", "/etc/hsflowd.conf\n");
  tree.copy("packaging/deb/triggers", "DEBIAN/triggers");
  for (const script of ["postinst", "prerm", "postrm"]) tree.copy(`packaging/deb/${script}`, `DEBIAN/${script}`, 0o755);
}

/** xz, for the dpkg of Debian 11 knows no better. More threads than one make other bytes than one does. */
function pack(tree, architecture) {
  const file = join(OUT, `hsflowd-ts_${version}_${architecture}.deb`);
  tree.openFolders();
  run("dpkg-deb", ["--root-owner-group", "-Zxz", "-z6", "--build", tree.root, file], { DPKG_DEB_THREADS_MAX: "2" });
  console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}

const scratch = mkdtempSync("build-");
try {
  mkdirSync(OUT, { recursive: true });
  const pages = join(scratch, "man");
  run(process.execPath, ["packaging/man.mjs", pages]);
  await bundle(join(scratch, "bundle"));
  for (const architecture of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(TOOLS)) {
    const tree = new Tree(join(scratch, architecture));
    for (const name of readdirSync(join(scratch, "bundle")))
      tree.copy(join(scratch, "bundle", name), `${HOME}/${name}`);
    addProgram(tree, architecture);
    addSystem(tree);
    addDocumentation(tree, pages);
    addControl(tree, architecture);
    pack(tree, architecture);
  }
} finally {
  rmSync(scratch, { recursive: true });
}
