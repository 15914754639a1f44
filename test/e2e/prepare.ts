// Runs before the first end-to-end test: installs what is missing, builds the agent, and checks that namespaces can
// be made.

import { execFileSync } from "node:child_process";

export function setup(): void {
  if (process.getuid?.() !== 0) throw new Error("the end-to-end tests make network namespaces: run them as root");
  execFileSync("sh", ["packaging/setup.sh", "--test"], { stdio: "inherit" });
}
