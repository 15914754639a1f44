// The Node.js that the package brings: Node's own build as the registry has it, of the one version and content that
// runtime.json names.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const runtime = JSON.parse(readFileSync("packaging/deb/runtime.json", "utf8"));

/** The names of registries. */
const ARCHITECTURES = { x64: "amd64", arm64: "arm64" };

const integrityOf = (file) => `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;

/** `name` and `integrity` in the registry. */
export const runtimePackage = (architecture) => ({
  name: runtime[architecture].package,
  integrity: runtime[architecture].integrity,
});

/** That of the machine we are on, to be asked. */
export const runnableRuntime = (cache) => join(fetchRuntime(ARCHITECTURES[process.arch], cache), "bin/node");

/** A folder with bin/node and LICENSE; what was fetched once stays below `cache`. */
export function fetchRuntime(architecture, cache) {
  const { name, integrity } = runtimePackage(architecture);
  const archive = join(cache, `${name}-${runtime.version}.tgz`);
  mkdirSync(cache, { recursive: true });
  if (!existsSync(archive)) {
    const words = ["pack", "--silent", `${name}@${runtime.version}`, "--pack-destination", cache];
    execFileSync("npm", words, { stdio: ["ignore", "ignore", "inherit"] });
  }
  const found = integrityOf(archive);
  if (found !== integrity) {
    rmSync(archive);
    throw new Error(`${name} ${runtime.version} is ${found}, and packaging/deb/runtime.json wants ${integrity}`);
  }
  const folder = join(cache, `${name}-${runtime.version}`);
  if (!existsSync(join(folder, "bin/node"))) {
    mkdirSync(folder, { recursive: true });
    const members = ["package/bin/node", "package/LICENSE"];
    execFileSync("tar", ["-xzf", archive, "-C", folder, "--strip-components=1", "--no-same-owner", ...members]);
  }
  return folder;
}
