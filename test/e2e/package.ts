// The package for amd64 as `npm run deb` makes it; made here if there is none of these sources.

import { existsSync, readFileSync } from "node:fs";
import { run } from "./command.ts";

export const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

const SOURCES = ["agent", "native-shim/src", "packaging", "etc", "package.json", "package-lock.json", "CHANGELOG.md"];

export function releasePackage(): string {
  const file = `build/hsflowd-ts_${version}_amd64.deb`;
  const isOld = () => run("find", ...SOURCES, "-newer", file, "-print", "-quit") !== "";
  if (!existsSync(file) || isOld()) run(process.execPath, "packaging/deb.mjs", "amd64");
  return file;
}
