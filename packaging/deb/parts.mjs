// Third-party parts of the package, npm packages and Node.js, with versions, hashes and licences, and the two files
// that list them. See CycloneDX 1.5; Debian Policy, section 12.5.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Names of licence files in npm packages. */
const LICENCE = /^licen[cs]e(\.\w+)?$/i;

/** Returns the text of the licence, or its name if the package has no text. */
function licenceText(folder, { license, author }) {
  const file = readdirSync(folder).find((name) => LICENCE.test(name));
  if (file !== undefined) return readFileSync(join(folder, file), "utf8").trim();
  return `${license}, by ${author?.name ?? author}; the package has no text of it.`;
}

/** Returns the npm packages with code in the bundle. */
export function bundledParts(metafile) {
  const lock = readJson("package-lock.json").packages;
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(
    inputs.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]).filter((folder) => folder),
  );
  return [...folders].sort().map((folder) => {
    const manifest = readJson(join(folder, "package.json"));
    const { name, version, license } = manifest;
    if (license === undefined) throw new Error(`${folder}/package.json names no licence`);
    return {
      name,
      version,
      licence: license,
      text: licenceText(folder, manifest),
      purl: purl(name, version),
      integrity: lock[folder]?.integrity,
    };
  });
}

const purl = (name, version) => `pkg:npm/${name.replace("@", "%40")}@${version}`;

/** Returns Node.js with the libraries inside it. `node` is any executable of that version. */
export function runtimePart(node, { name, integrity }) {
  const {
    node: version,
    modules: _,
    napi: __,
    ...inside
  } = JSON.parse(execFileSync(node, ["-p", "JSON.stringify(process.versions)"], { encoding: "utf8" }));
  return {
    name: "node",
    version,
    licence: "MIT",
    purl: purl(name, version),
    integrity,
    inside: Object.entries(inside).sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

const hex = (integrity) => Buffer.from(integrity.replace(/^sha512-/, ""), "base64").toString("hex");

/** Returns the shim, the own part that is compiled. Its hash is that of the file. */
export const shimPart = (version, bytes) => ({
  name: "hsflowd-ts-shim",
  version,
  licence: "MIT",
  purl: `pkg:generic/hsflowd-ts-shim@${version}`,
  integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
});

/** Several licences are an expression, which has a key of its own. */
const licenceOf = (licence) => (/ /.test(licence) ? { expression: licence } : { license: { id: licence } });

const component = ({ name, version, licence, purl, integrity, inside }) => ({
  type: name === "node" ? "platform" : "library",
  "bom-ref": purl,
  name,
  version,
  ...(integrity === undefined ? {} : { hashes: [{ alg: "SHA-512", content: hex(integrity) }] }),
  licenses: [licenceOf(licence)],
  purl,
  ...(inside === undefined
    ? {}
    : { components: inside.map(([name, version]) => ({ type: "library", name, version })) }),
});

/** Makes sbom.json, without a serial number and with the time of the commit, so that the build is reproducible. */
export function billOfMaterials({ name, version, architecture, epoch }, parts) {
  const subject = `pkg:deb/${name}@${version}?arch=${architecture}`;
  const bill = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      timestamp: new Date(epoch * 1000).toISOString(),
      component: { type: "application", "bom-ref": subject, name, version, purl: subject },
    },
    components: parts.map(component),
    dependencies: [{ ref: subject, dependsOn: parts.map(({ purl }) => purl) }],
  };
  return `${JSON.stringify(bill, undefined, 2)}\n`;
}

/** Makes the file copyright: all licences in full, except that of Node.js, which is long and has its own file. */
export function copyright(name, parts) {
  const own = readFileSync("LICENSE", "utf8").trim();
  const list = parts.map(({ name, version, licence }) => `  ${name} ${version}: ${licence}`).join("\n");
  const texts = parts.filter(({ text }) => text !== undefined);
  return `${name}

${own}


The package contains third-party software:

${list}

The licence of Node.js and of the libraries inside it is in node.LICENSE.gz beside this file. The others are below.
${texts.map(({ name, version, text }) => `\n\n${name} ${version}\n\n${text}\n`).join("")}`;
}
