// Builds build/hsflowd-ts_VERSION_ARCHITECTURE.deb. Usage: node packaging/deb.mjs [--level=XZ_LEVEL] [amd64] [arm64].
// The same commit gives the same bytes, on any day and in any folder. See deb(5), reproducible-builds.org.

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
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";
import { commitTime } from "./commit-time.mjs";
import { compileNative, tool } from "./deb/compile.mjs";
import { billOfMaterials, bundledParts, copyright, runtimePart, shimPart } from "./deb/parts.mjs";
import { fetchRuntime, runnableRuntime, runtimePackage } from "./deb/runtime.mjs";
import { checkSymbols, dependencies, readSymbols } from "./deb/symbols.mjs";
import { gzip } from "./gzip.mjs";

const NAME = "hsflowd-ts";
const MAINTAINER = "the hsflowd-ts authors <hsflowd-ts@users.noreply.github.com>";
const OUT = "build";
const CACHE = "build/cache";
const HOME = `usr/lib/${NAME}`;
const DOC = `usr/share/doc/${NAME}`;

const ARCHITECTURES = ["amd64", "arm64"];
const PROGRAMS = ["node", "shim.node", "hsflowd-namespaces"];

const { version, homepage } = JSON.parse(readFileSync("package.json", "utf8"));
const epoch = commitTime();

const run = (command, args, env = {}) =>
  execFileSync(command, args, { stdio: "inherit", env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch), ...env } });

/** The folder that becomes the package. Each file is copied or written with its mode. */
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

  /** Returns the paths of all files, sorted. */
  files(folder = "") {
    return readdirSync(join(this.root, folder), { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => (entry.isDirectory() ? this.files(join(folder, entry.name)) : [join(folder, entry.name)]));
  }

  /** Gives all folders mode 0755, independent of the umask of the build. */
  openFolders(folder = "") {
    chmodSync(join(this.root, folder), 0o755);
    for (const entry of readdirSync(join(this.root, folder), { withFileTypes: true })) {
      if (entry.isDirectory()) this.openFolders(join(folder, entry.name));
    }
  }
}

/** Wraps text to 80 columns. The first line begins with `first`, the others with `rest`. */
function wrap(text, first, rest) {
  const lines = [first];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line.length + 1 + word.length > 80) lines.push(`${rest} ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join("\n");
}

/** Converts CHANGELOG.md to Debian's format, one entry per version, dated by this commit. See deb-changelog(5). */
function changelog() {
  const date = new Date(epoch * 1000).toUTCString().replace("GMT", "+0000");
  const [, ...sections] = readFileSync("CHANGELOG.md", "utf8").split(/^## /m);
  const entries = sections.map((section) => {
    const [title, ...items] = section.trim().split(/\n+- /);
    const changes = items.map((item) => wrap(item, "  *", "   ")).join("\n");
    return `${NAME} (${title}) stable; urgency=medium\n\n${changes}\n\n -- ${MAINTAINER}  ${date}\n`;
  });
  return entries.join("\n");
}

function addProgram(tree, architecture) {
  const runtime = fetchRuntime(architecture, CACHE);
  tree.copy(join(runtime, "bin/node"), `${HOME}/node`, 0o755);
  compileNative(architecture, join(tree.root, HOME), CACHE);
  chmodSync(join(tree.root, HOME, "shim.node"), 0o644);
  chmodSync(join(tree.root, HOME, "hsflowd-namespaces"), 0o755);
  for (const name of PROGRAMS) tool(architecture, "strip", "--strip-unneeded", join(tree.root, HOME, name));
  tree.write(`${HOME}/package.json`, `${JSON.stringify({ type: "module" })}\n`);
  tree.copy("packaging/deb/hsflowd", "usr/sbin/hsflowd", 0o755);
}

/** Returns the packages that the programs need. Throws an error if one needs newer versions than are allowed. */
function checkedDependencies(tree, architecture) {
  const all = PROGRAMS.map((name) => {
    const symbols = readSymbols(tool(architecture, "objdump", "-p", "-T", join(tree.root, HOME, name)));
    checkSymbols(name, symbols);
    return symbols;
  });
  return dependencies(all);
}

function addSystem(tree) {
  // For `write_configuration` in postinst.
  tree.copy("etc/hsflowd.conf", `usr/share/${NAME}/hsflowd.conf`);
  // The second copy is for `restore_unit` in postinst.
  for (const folder of ["usr/lib/systemd/system", HOME])
    tree.copy("packaging/deb/hsflowd.service", `${folder}/hsflowd.service`);
  for (const kind of ["socket", "service"])
    tree.copy(`packaging/deb/hsflowd-namespaces.${kind}`, `usr/lib/systemd/system/hsflowd-namespaces.${kind}`);
  tree.copy("packaging/deb/generator", "usr/lib/systemd/system-generators/hsflowd-ts", 0o755);
  tree.copy("packaging/deb/sysusers.conf", "usr/lib/sysusers.d/hsflowd.conf");
  tree.copy("packaging/deb/tmpfiles.conf", "usr/lib/tmpfiles.d/hsflowd.conf");
}

function addDocumentation(tree, architecture, pages, bundled) {
  tree.write("usr/share/man/man8/hsflowd.8.gz", gzip(readFileSync(join(pages, "hsflowd.8"))));
  tree.write("usr/share/man/man5/hsflowd.conf.5.gz", gzip(readFileSync(join(pages, "hsflowd.conf.5"))));
  tree.copy(join(pages, "hsflowd.bash"), "usr/share/bash-completion/completions/hsflowd");
  tree.copy(join(pages, "_hsflowd"), "usr/share/zsh/vendor-completions/_hsflowd");
  tree.copy(join(pages, "hsflowd.fish"), "usr/share/fish/vendor_completions.d/hsflowd.fish");
  tree.write(`${DOC}/changelog.gz`, gzip(changelog()));
  const parts = [runtimePart(runnableRuntime(CACHE), runtimePackage(architecture)), ...bundled];
  const shim = shimPart(version, readFileSync(join(tree.root, HOME, "shim.node")));
  tree.write(`${DOC}/copyright`, copyright(NAME, parts));
  tree.write(`${DOC}/sbom.json`, billOfMaterials({ name: NAME, version, architecture, epoch }, [shim, ...parts]));
  tree.write(`${DOC}/node.LICENSE.gz`, gzip(readFileSync(join(fetchRuntime(architecture, CACHE), "LICENSE"))));
  tree.copy("packaging/deb/realtime.conf", `${DOC}/examples/realtime.conf`);
  tree.copy("packaging/deb/lintian-overrides", `usr/share/lintian/overrides/${NAME}`);
}

function addControl(tree, architecture) {
  const files = tree.files();
  const kibibytes = files.reduce((sum, file) => sum + Math.ceil(lstatSync(join(tree.root, file)).size / 1024), 0);
  const depends = checkedDependencies(tree, architecture);
  const values = { version, homepage, architecture, maintainer: MAINTAINER, size: kibibytes, depends };
  const control = readFileSync("packaging/deb/control", "utf8").replace(/\$\{(\w+)\}/g, (_, name) => values[name]);
  const sum = (file) =>
    createHash("md5")
      .update(readFileSync(join(tree.root, file)))
      .digest("hex");
  tree.write("DEBIAN/control", control);
  tree.write("DEBIAN/md5sums", files.map((file) => `${sum(file)}  ${file}\n`).join(""));
  tree.copy("packaging/deb/triggers", "DEBIAN/triggers");
  for (const script of ["postinst", "prerm", "postrm"]) tree.copy(`packaging/deb/${script}`, `DEBIAN/${script}`, 0o755);
}

/** Packs with xz, because dpkg of Debian 11 has no zstd. Always uses two threads: the number may change the bytes. */
function pack(tree, architecture) {
  const file = join(OUT, `${NAME}_${version}_${architecture}.deb`);
  tree.openFolders();
  run("dpkg-deb", ["--root-owner-group", "-Zxz", `-z${level}`, "--build", tree.root, `${tree.root}.deb`], {
    DPKG_DEB_THREADS_MAX: "2",
  });
  renameSync(`${tree.root}.deb`, file);
  console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}

const { values, positionals } = parseArgs({
  options: { level: { type: "string", default: "6" } },
  allowPositionals: true,
});
const { level } = values;
const architectures = positionals.length > 0 ? positionals : ARCHITECTURES;
const scratch = mkdtempSync("build-");
try {
  mkdirSync(OUT, { recursive: true });
  const pages = join(scratch, "man");
  run(process.execPath, ["packaging/man.mjs", pages]);
  const bundled = bundledParts(await bundle(join(scratch, "bundle")));
  for (const architecture of architectures) {
    const tree = new Tree(join(scratch, architecture));
    for (const name of readdirSync(join(scratch, "bundle")))
      tree.copy(join(scratch, "bundle", name), `${HOME}/${name}`);
    addProgram(tree, architecture);
    addSystem(tree);
    addDocumentation(tree, architecture, pages, bundled);
    addControl(tree, architecture);
    pack(tree, architecture);
  }
} finally {
  rmSync(scratch, { recursive: true });
}
