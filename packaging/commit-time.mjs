// The time of all files in a release: SOURCE_DATE_EPOCH, or else the commit's. See reproducible-builds.org.

import { execFileSync } from "node:child_process";

/** Returns seconds since 1970. */
export function commitTime() {
  const given = process.env["SOURCE_DATE_EPOCH"];
  return Number(given ?? execFileSync("git", ["log", "-1", "--format=%ct"], { encoding: "utf8" }));
}
