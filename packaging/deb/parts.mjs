// What a package contains that others wrote: the npm packages in the bundle and Node.js, with versions, hashes and
// licences; and the two forms in which it is told. CycloneDX 1.5; Debian Policy, 12.5

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Of this and no other name are the files that licences stand in. */
const LICENCE = /^licen[cs]e(\.\w+)?$/i;

/** Of one who says no more than its name: that. */
function licenceText(folder, { license, author }) {
  const file = readdirSync(folder).find((name) => LICENCE.test(name));
  if (file !== undefined) return readFileSync(join(folder, file), "utf8").trim();
  return `${license}, by ${author?.name ?? author}; the package has no text of it.`;
}

/** The npm packages that esbuild took something from. */
export function bundledParts(metafile) {
  const lock = readJson("package-lock.json").packages;
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(
    inputs.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]).filter((folder) => folder),
  );
  return [...folders].sort().map((folder) => {
    const manifest = readJson(join(folder, "package.json"));
    const { name, version, license } = manifest;
    if (license === undefined) throw new Error(`${folder} does not say its licence`);
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

/** Node.js, and what is inside it in turn. `node` is any executable of that version. */
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

const component = ({ name, version, licence, purl, integrity, inside }) => ({
  type: name === "node" ? "platform" : "library",
  "bom-ref": purl,
  name,
  version,
  ...(integrity === undefined ? {} : { hashes: [{ alg: "SHA-512", content: hex(integrity) }] }),
  licenses: [{ license: { id: licence } }],
  purl,
  ...(inside === undefined
    ? {}
    : { components: inside.map(([name, version]) => ({ type: "library", name, version })) }),
});

/** Without a number of its own and with the time of the commit, so that the same content is the same file. */
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

/** All licences in full, but that of Node.js, which is long and has a file of its own. */
export function copyright(name, parts) {
  const own = readFileSync("LICENSE", "utf8").trim();
  const list = parts.map(({ name, version, licence }) => `  ${name} ${version}: ${licence}`).join("\n");
  const texts = parts.filter(({ text }) => text !== undefined);
  return `${name}

${own}


The package contains work of others:

${list}

The licence of Node.js, and of what is inside it in turn, is in node.LICENSE.gz beside this file. The others are below.
${texts.map(({ name, version, text }) => `\n\n${name} ${version}\n\n${text}\n`).join("")}`;
}
