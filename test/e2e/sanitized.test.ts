// The addon built with AddressSanitizer and UndefinedBehaviorSanitizer, in a copy of the checkout. An undefined
// operation, or an access outside its memory, ends the suites that load it.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { run } from "./command.ts";
import { test } from "./fixture.ts";

const CFLAGS = "-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g";
const BUILT = ["build", "dist", "node_modules", ".git", "coverage"];
/** Folders of unit tests that load the addon. */
const LOADERS = ["contract", "dns", "host", "native-shim", "process"].map((name) => `test/${name}/`);
/** Limit for one suite: the sanitizers make it two to three times as slow. */
const LIMIT_MILLISECONDS = 300_000;

/**
 * Leaks are not searched: Node.js frees little at its end. The sanitizer of addresses comes before all other libraries.
 */
const environment = () => ({
  ...process.env,
  CFLAGS,
  LD_PRELOAD: run("cc", "-print-file-name=libasan.so").trim(),
  ASAN_OPTIONS: "detect_leaks=0:abort_on_error=1",
  UBSAN_OPTIONS: "halt_on_error=1:print_stacktrace=1",
});

function copyCheckout(target: string): void {
  for (const name of readdirSync(".").filter((name) => !BUILT.includes(name)))
    cpSync(name, join(target, name), { recursive: true, filter: (path) => !path.startsWith("native-shim/build/") });
  symlinkSync(resolve("node_modules"), join(target, "node_modules"));
}

function runSuite(folder: string, ...words: string[]): void {
  const vitest = resolve("node_modules/vitest/vitest.mjs");
  const { status, stdout, stderr, signal } = spawnSync(process.execPath, [vitest, "run", ...words], {
    cwd: folder,
    env: environment(),
    encoding: "utf8",
    timeout: LIMIT_MILLISECONDS,
  });
  expect({ status, signal }, `${stdout.slice(-4000)}\n${stderr.slice(-4000)}`).toEqual({ status: 0, signal: null });
}

test("the suites that load the addon pass with sanitizers", { timeout: 3 * LIMIT_MILLISECONDS }, ({ folder }) => {
  const copy = folder.file("checkout");
  copyCheckout(copy);
  execFileSync(process.execPath, ["native-shim/build.mjs", "native-shim/build/shim.node"], {
    cwd: copy,
    env: { ...process.env, CFLAGS },
  });
  expect(run("nm", "-D", join(copy, "native-shim/build/shim.node"))).toContain("__asan_init");
  runSuite(copy, "--project", "unit", ...LOADERS);
  runSuite(copy, "--project", "e2e", "test/e2e/shim.test.ts");
});
