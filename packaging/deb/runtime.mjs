// The Node.js in the package: Node's own build from the npm registry. runtime.json has its version and hash.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const runtime = JSON.parse(readFileSync("packaging/deb/runtime.json", "utf8"));

/** Debian's architecture by Node's. */
const ARCHITECTURES = { x64: "amd64", arm64: "arm64" };

const integrityOf = (file) => `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;

/** Returns `name` and `integrity` in the registry. */
export const runtimePackage = (architecture) => ({
  name: runtime[architecture].package,
  integrity: runtime[architecture].integrity,
});

/** Returns the path of a Node.js that runs on this machine. */
export const runnableRuntime = (cache) => join(fetchRuntime(ARCHITECTURES[process.arch], cache), "bin/node");

/** Returns a folder with bin/node and LICENSE. Downloads it once and keeps it below `cache`. */
export function fetchRuntime(architecture, cache) {
  const { name, integrity } = runtimePackage(architecture);
  const archive = join(cache, `${name}-${runtime.version}.tgz`);
  mkdirSync(cache, { recursive: true });
  if (!existsSync(archive)) {
    const args = ["pack", "--silent", `${name}@${runtime.version}`, "--pack-destination", cache];
    execFileSync("npm", args, { stdio: ["ignore", "ignore", "inherit"] });
  }
  const found = integrityOf(archive);
  if (found !== integrity) {
    rmSync(archive);
    throw new Error(
      `${name} ${runtime.version} has hash ${found}, but packaging/deb/runtime.json expects ${integrity}`,
    );
  }
  const folder = join(cache, `${name}-${runtime.version}`);
  if (!existsSync(join(folder, "bin/node"))) {
    mkdirSync(folder, { recursive: true });
    const members = ["package/bin/node", "package/LICENSE"];
    execFileSync("tar", ["-xzf", archive, "-C", folder, "--strip-components=1", "--no-same-owner", ...members]);
  }
  return folder;
}
