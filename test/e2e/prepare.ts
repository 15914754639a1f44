// Before the first end-to-end test: what it needs is there, the agent is built from these sources, and namespaces can
// be made.

import { execFileSync } from "node:child_process";

export function setup(): void {
  if (process.getuid?.() !== 0) throw new Error("the end-to-end tests make network namespaces: run them as root");
  execFileSync("sh", ["packaging/setup.sh", "--test"], { stdio: "inherit" });
}
