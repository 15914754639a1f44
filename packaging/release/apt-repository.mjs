// Makes an apt repository of .deb files: node packaging/release/apt-repository.mjs --url URL --key FILE --out FOLDER
// DEB... See the Debian wiki, "DebianRepository/Format"; sources.list(5), DEB822-STYLE FORMAT.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { commitTime } from "../commit-time.mjs";
import { gzip } from "../gzip.mjs";
import { openKey } from "./key.mjs";

const NAME = "hsflowd-ts";
const SUITE = "stable";
const COMPONENT = "main";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Returns the paragraph of Packages for a .deb with this control file. */
export function paragraph(control, { path, bytes }) {
  return `${control.trim()}\nFilename: ${path}\nSize: ${bytes.length}\nSHA256: ${sha256(bytes)}\n`;
}

/** Returns the file Release. `indexes` are pairs of a path below the suite and its bytes. */
export function releaseFile({ epoch, architectures, indexes }) {
  const rows = indexes.map(([path, bytes]) => ` ${sha256(bytes)} ${String(bytes.length).padStart(16)} ${path}`);
  return `${[
    `Origin: ${NAME}`,
    `Label: ${NAME}`,
    `Suite: ${SUITE}`,
    `Codename: ${SUITE}`,
    `Date: ${new Date(epoch * 1000).toUTCString().replace("GMT", "UTC")}`,
    `Architectures: ${architectures.join(" ")}`,
    `Components: ${COMPONENT}`,
    "Acquire-By-Hash: yes",
    `Description: packages of ${NAME}`,
    "SHA256:",
    ...rows,
  ].join("\n")}\n`;
}

/** Returns the .sources file. It contains the public key, so a user copies one file and trusts the key for it only. */
export function sourcesFile(url, publicKey) {
  const key = publicKey
    .trim()
    .split("\n")
    .map((line) => ` ${line === "" ? "." : line}`);
  return `${[
    `# Packages of ${NAME}. Copy this file to /etc/apt/sources.list.d/.`,
    "Types: deb",
    `URIs: ${url}`,
    `Suites: ${SUITE}`,
    `Components: ${COMPONENT}`,
    "Signed-By:",
    ...key,
  ].join("\n")}\n`;
}

const field = (control, name) => new RegExp(`^${name}: (.*)$`, "m").exec(control)?.[1];

/** Copies the packages into the pool. Returns the text of Packages by architecture. */
function fillPool(out, debs) {
  const packages = new Map();
  for (const deb of [...debs].sort()) {
    const control = execFileSync("dpkg-deb", ["-f", deb], { encoding: "utf8" });
    const path = `pool/${basename(deb)}`;
    mkdirSync(join(out, "pool"), { recursive: true });
    copyFileSync(deb, join(out, path));
    const architecture = field(control, "Architecture");
    const before = packages.get(architecture) ?? "";
    packages.set(architecture, `${before}${before && "\n"}${paragraph(control, { path, bytes: readFileSync(deb) })}`);
  }
  return packages;
}

/** Writes an index below its name and below its hash, so that apt reads a consistent state during an upload. */
function writeIndex(folder, path, bytes) {
  const [, home, name] = /^(.*\/)?([^/]+)$/.exec(path);
  mkdirSync(join(folder, home, "by-hash/SHA256"), { recursive: true });
  writeFileSync(join(folder, home, name), bytes);
  writeFileSync(join(folder, home, "by-hash/SHA256", sha256(bytes)), bytes);
}

/** Makes the repository in the folder `out`, which it replaces. `key` is an open key. */
export function makeRepository({ out, url, debs, key, epoch }) {
  rmSync(out, { recursive: true, force: true });
  const packages = fillPool(out, debs);
  const suite = join(out, "dists", SUITE);
  const indexes = [];
  for (const [architecture, text] of packages) {
    const bytes = Buffer.from(text);
    const home = `${COMPONENT}/binary-${architecture}`;
    indexes.push([`${home}/Packages`, bytes], [`${home}/Packages.gz`, gzip(bytes)]);
  }
  for (const [path, bytes] of indexes) writeIndex(suite, path, bytes);
  const release = join(suite, "Release");
  writeFileSync(release, releaseFile({ epoch, architectures: [...packages.keys()], indexes }));
  key.clearsign(release, join(suite, "InRelease"));
  key.sign(release, `${release}.gpg`);
  writeFileSync(join(out, `${NAME}.asc`), key.publicKey);
  writeFileSync(join(out, `${NAME}.sources`), sourcesFile(url, key.publicKey));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values, positionals } = parseArgs({
    options: { url: { type: "string" }, key: { type: "string" }, out: { type: "string" } },
    allowPositionals: true,
  });
  const { url, out } = values;
  if (url === undefined || values.key === undefined || out === undefined || positionals.length === 0) {
    console.error("usage: node packaging/release/apt-repository.mjs --url URL --key FILE --out FOLDER DEB...");
    process.exit(1);
  }
  const key = openKey(values.key);
  try {
    makeRepository({ out, url, debs: positionals, key, epoch: commitTime() });
  } finally {
    key.close();
  }
  console.log(`${out}: ${positionals.length} packages, signed by ${key.fingerprint}`);
}
