// Makes build/release, all that a release page needs. packaging/README.md has the options. The same commit makes the
// same bytes, apart from signatures.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { commitTime } from "./commit-time.mjs";
import { makeRepository } from "./release/apt-repository.mjs";
import { makeImage } from "./release/image.mjs";
import { openKey } from "./release/key.mjs";
import { spdx } from "./release/spdx.mjs";
import { makeTarball } from "./release/tarball.mjs";

const OUT = "build/release";
const { name, version } = JSON.parse(readFileSync("package.json", "utf8"));

const USAGE = `usage: npm run release -- [--key FILE --url URL] [--level XZ_LEVEL] [amd64] [arm64]
  --key FILE  the secret Ed25519 key that signs the apt repository and SHA256SUMS, else $RELEASE_KEY
  --url URL   where the folder apt will be, else $RELEASE_URL`;

function options() {
  try {
    const { values, positionals } = parseArgs({
      options: {
        key: { type: "string", default: process.env["RELEASE_KEY"] },
        url: { type: "string", default: process.env["RELEASE_URL"] },
        level: { type: "string", default: "6" },
      },
      allowPositionals: true,
    });
    if ((values.key === undefined) !== (values.url === undefined)) throw new Error("--key and --url go together");
    return { ...values, architectures: positionals.length > 0 ? positionals : ["amd64", "arm64"] };
  } catch (error) {
    console.error(`release: ${error.message}\n${USAGE}`);
    process.exit(1);
  }
}

/** Writes both bills of materials. */
function writeBills(file, bill) {
  writeFileSync(`${file}.cdx.json`, `${JSON.stringify(bill, undefined, 2)}\n`);
  writeFileSync(`${file}.spdx.json`, spdx(bill));
}

/** Returns the bill of an image: that of the package, and the packages of Debian. */
function billOfImage(bill, packages, architecture) {
  const components = packages.map(({ name, version }) => {
    const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}`;
    return { type: "library", "bom-ref": purl, name, version, purl };
  });
  return { ...bill, components: [...bill.components, ...components] };
}

function makeFor(architecture, scratch, { epoch, level }) {
  execFileSync(process.execPath, ["packaging/deb.mjs", "--level", level, architecture], { stdio: "inherit" });
  const deb = `${name}_${version}_${architecture}.deb`;
  copyFileSync(join("build", deb), join(OUT, deb));
  const tree = join(scratch, architecture);
  execFileSync("dpkg-deb", ["-x", join("build", deb), tree]);
  const bill = JSON.parse(readFileSync(join(tree, "usr/share/doc", name, "sbom.json"), "utf8"));
  writeBills(join(OUT, `${name}_${version}_${architecture}`), bill);
  const what = { name, version, architecture, epoch, level };
  makeTarball(join(OUT, `${name}-${version}-linux-${architecture}.tar.xz`), tree, join(scratch, "tarball"), what);
  const image = join(OUT, `${name}-${version}-image-${architecture}`);
  const packages = makeImage(`${image}.tar`, tree, join(scratch, "image"), what);
  writeBills(image, billOfImage(bill, packages, architecture));
  return join(OUT, deb);
}

/** Lists the files of the folder. The folder apt has hashes of its own. */
function writeSums() {
  const files = readdirSync(OUT, { withFileTypes: true }).filter((entry) => entry.isFile());
  const hash = (file) =>
    createHash("sha256")
      .update(readFileSync(join(OUT, file)))
      .digest("hex");
  const lines = files
    .map((entry) => `${hash(entry.name)}  ${entry.name}\n`)
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
  writeFileSync(join(OUT, "SHA256SUMS"), lines.join(""));
}

function sign(file, url, debs, epoch) {
  const key = openKey(file);
  try {
    makeRepository({ out: join(OUT, "apt"), url, debs, key, epoch });
    key.sign(join(OUT, "SHA256SUMS"), join(OUT, "SHA256SUMS.asc"));
    console.log(`signed by ${key.fingerprint}`);
  } finally {
    key.close();
  }
}

const { key, url, level, architectures } = options();
// Folders have the same mode, whatever the umask of the caller.
process.umask(0o022);
const epoch = commitTime();
const scratch = mkdtempSync("build-release-");
try {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const debs = architectures.map((architecture) => makeFor(architecture, scratch, { epoch, level }));
  writeSums();
  if (key !== undefined) sign(key, url, debs, epoch);
  else console.error("release: no apt repository and no signature, because there is no --key: see packaging/README.md");
  console.log(
    `${OUT}: ${readdirSync(OUT)
      .map((file) => basename(file))
      .join(" ")}`,
  );
} finally {
  rmSync(scratch, { recursive: true });
}
