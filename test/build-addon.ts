// Compiles the addon before a run if it is missing or older than its sources, so that no test loads a stale one.

import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";

const ADDON = "native-shim/build/shim.node";
const SOURCES = "native-shim/src";

const changed = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

export function setup(): void {
  const newest = Math.max(...readdirSync(SOURCES).map((name) => changed(`${SOURCES}/${name}`)));
  if (changed(ADDON) > newest) return;
  execFileSync(process.execPath, ["native-shim/build.mjs", ADDON], { stdio: "inherit" });
}
