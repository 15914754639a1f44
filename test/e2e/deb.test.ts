// The Debian packages: their contents, that they need nothing newer than Debian 11, and that the same sources make
// the same bytes. Debian Policy.

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileInDebian12, tool } from "../../packaging/deb/compile.mjs";
import { makeFolder } from "./agent.ts";
import { run, tryRun } from "./command.ts";
import { releasePackage, version } from "./package.ts";

const ARCHITECTURES = ["amd64", "arm64"] as const;
type Architecture = (typeof ARCHITECTURES)[number];

const EPOCH = "1700000000";
const HOME = "usr/lib/hsflowd-ts";
/** A faster compression for packages of this test only: a quarter of the time, and larger. */
const LEVEL = ["--level", "1"];

const folder = makeFolder();
afterAll(folder.remove);

const madeIn = (checkout: string): string => join(checkout, `build/hsflowd-ts_${version}_arm64.deb`);
const debOf = (architecture: Architecture): string =>
  architecture === "amd64" ? resolve(releasePackage()) : madeIn(folder.file("checkout"));
const treeOf = (architecture: Architecture): string => folder.file(architecture);

/** Makes the package from a copy of these sources under another path, so that nothing here is touched. */
function makePackage(checkout: string, prefix: readonly string[] = []): void {
  for (const file of run("git", "ls-files", "--cached", "--others", "--exclude-standard").trim().split("\n"))
    cpSync(file, join(checkout, file));
  mkdirSync("build/cache", { recursive: true });
  mkdirSync(join(checkout, "build"));
  symlinkSync(resolve("build/cache"), join(checkout, "build/cache"));
  symlinkSync(resolve("node_modules"), join(checkout, "node_modules"));
  const command = [process.execPath, "packaging/deb.mjs", ...LEVEL, "arm64"];
  run("env", "-C", checkout, `SOURCE_DATE_EPOCH=${EPOCH}`, ...prefix, ...command);
}

beforeAll(() => {
  makePackage(folder.file("checkout"));
  for (const architecture of ARCHITECTURES) run("dpkg-deb", "-R", debOf(architecture), treeOf(architecture));
}, 400_000);

/** Libraries that are not installed here, as Debian 11 has them. */
const LIBRARIES = /^lib(dl|stdc\+\+|m|gcc_s|pthread|c)\.so|^ld-linux-/;

/** Returns [2, 31] for GLIBC_2.31: the newest version that the program needs. */
function newestGlibc(text: string): number[] {
  const versions = [...text.matchAll(/GLIBC_(\d+)\.(\d+)/g)].map(([, major, minor]) => [Number(major), Number(minor)]);
  return versions.sort(([a = 0, b = 0], [c = 0, d = 0]) => c - a || d - b)[0] ?? [];
}

describe.each(ARCHITECTURES)("hsflowd-ts for %s", (architecture) => {
  const tools = architecture === "amd64" ? "x86_64-linux-gnu-" : "aarch64-linux-gnu-";

  it("replaces hsflowd, and is smaller than 35 MB", () => {
    const control = run("dpkg-deb", "-f", debOf(architecture));
    expect(control).toContain(`Package: hsflowd-ts\nVersion: ${version}\nArchitecture: ${architecture}\n`);
    for (const relation of ["Provides", "Conflicts", "Replaces"]) expect(control).toContain(`${relation}: hsflowd\n`);
    expect(control).toContain("Depends: libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 7)\n");
    expect(statSync(debOf(architecture)).size).toBeLessThan(35e6);
  });

  it("has exactly these files, and root owns all of them", () => {
    const rows = run("dpkg-deb", "-c", debOf(architecture)).trim().split("\n");
    const entries = rows.map((row) => row.split(/\s+/)).filter(([mode = ""]) => !mode.startsWith("d"));
    const files = entries.map(([mode, owner, , , , path = ""]) => `${mode} ${owner} ${path.replace(/^\.\//, "")}`);
    expect(files.filter((file) => !/^-rw-r--r-- root\/root usr\/lib\/hsflowd-ts\/chunk-/.test(file))).toEqual([
      `-rwxr-xr-x root/root ${HOME}/hsflowd-namespaces`,
      `-rw-r--r-- root/root ${HOME}/hsflowd.js`,
      `-rw-r--r-- root/root ${HOME}/hsflowd.service`,
      `-rwxr-xr-x root/root ${HOME}/node`,
      `-rw-r--r-- root/root ${HOME}/package.json`,
      `-rw-r--r-- root/root ${HOME}/shim.node`,
      "-rw-r--r-- root/root usr/lib/systemd/system/hsflowd-namespaces.service",
      "-rw-r--r-- root/root usr/lib/systemd/system/hsflowd-namespaces.socket",
      "-rw-r--r-- root/root usr/lib/systemd/system/hsflowd.service",
      "-rwxr-xr-x root/root usr/lib/systemd/system-generators/hsflowd-ts",
      "-rw-r--r-- root/root usr/lib/sysusers.d/hsflowd.conf",
      "-rw-r--r-- root/root usr/lib/tmpfiles.d/hsflowd.conf",
      "-rwxr-xr-x root/root usr/sbin/hsflowd",
      "-rw-r--r-- root/root usr/share/bash-completion/completions/hsflowd",
      ...["changelog.gz", "copyright", "examples/realtime.conf", "node.LICENSE.gz", "sbom.json"].map(
        (name) => `-rw-r--r-- root/root usr/share/doc/hsflowd-ts/${name}`,
      ),
      "-rw-r--r-- root/root usr/share/fish/vendor_completions.d/hsflowd.fish",
      "-rw-r--r-- root/root usr/share/hsflowd-ts/hsflowd.conf",
      "-rw-r--r-- root/root usr/share/lintian/overrides/hsflowd-ts",
      "-rw-r--r-- root/root usr/share/man/man5/hsflowd.conf.5.gz",
      "-rw-r--r-- root/root usr/share/man/man8/hsflowd.8.gz",
      "-rw-r--r-- root/root usr/share/zsh/vendor-completions/_hsflowd",
    ]);
  });

  it("needs no library and no glibc that Debian 11 does not have", () => {
    // The first glibc for arm64 is 2.17.
    const own = architecture === "amd64" ? [2, 14] : [2, 17];
    for (const [name, newest] of [
      ["node", [2, 28]],
      ["shim.node", own],
      ["hsflowd-namespaces", own],
    ] as const) {
      const text = run(`${tools}objdump`, "-p", join(treeOf(architecture), HOME, name));
      const needed = [...text.matchAll(/NEEDED +(\S+)/g)].map(([, library = ""]) => library);
      expect(needed.filter((library) => !LIBRARIES.test(library))).toEqual([]);
      expect(newestGlibc(text)).toEqual(newest);
    }
  });

  it("names all third-party code in it, with its licence", () => {
    const documents = join(treeOf(architecture), "usr/share/doc/hsflowd-ts");
    const bill = JSON.parse(readFileSync(join(documents, "sbom.json"), "utf8")) as { components: { name: string }[] };
    // The shim is our own code.
    const named = bill.components.map(({ name }) => name).filter((name) => name !== "hsflowd-ts-shim");
    const home = join(treeOf(architecture), HOME);
    const bundled = run("grep", "-rhoE", "--include=*.js", "^// node_modules/(@[^/]+/)?[^/]+", home);
    const found = new Set(
      bundled
        .trim()
        .split("\n")
        .map((line) => line.replace("// node_modules/", "")),
    );
    expect(named.toSorted()).toEqual(["node", ...found].toSorted());
    const licences = readFileSync(join(documents, "copyright"), "utf8");
    expect(named.filter((name) => !licences.includes(`\n${name} `) && name !== "node")).toEqual([]);
  });
});

it("passes lintian", () => {
  const { stdout, status } = tryRun("lintian", "--allow-root", "--fail-on", "error,warning", debOf("amd64"));
  expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
}, 120_000);

it.each(["hsflowd", "hsflowd-namespaces"])("has %s.service with an exposure of 2.0 of 10 at most", (name) => {
  const unit = join(treeOf("amd64"), `usr/lib/systemd/system/${name}.service`);
  const { stdout, status } = tryRun("systemd-analyze", "security", "--offline=true", "--threshold=20", unit);
  expect({ status, overall: stdout.split("\n").find((line) => line.includes("Overall")) }).toMatchObject({ status: 0 });
});

it("is the same, byte for byte, from another folder, time zone and umask", () => {
  const other = folder.file("quite/another");
  makePackage(other, ["TZ=Asia/Tokyo", "LC_ALL=C", "sh", "-c", 'umask 077; exec "$@"', "sh"]);
  const digest = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
  expect(digest(madeIn(other))).toBe(digest(debOf("arm64")));
}, 60_000);

it("has the same shim and helper, byte for byte, by the compiler that other systems fetch from Debian 12", () => {
  compileInDebian12("arm64", folder.file("fetched"), "build/cache");
  for (const name of ["shim.node", "hsflowd-namespaces"]) {
    const file = folder.file(`fetched/${name}`);
    tool("arm64", "strip", "--strip-unneeded", file);
    expect(readFileSync(file).equals(readFileSync(join(treeOf("arm64"), HOME, name)))).toBe(true);
  }
}, 300_000);

/** The arm64 package's Node, emulated. */
const onArm64 = (...words: string[]) =>
  tryRun("qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu", join(treeOf("arm64"), HOME, "node"), ...words);

describe("on an emulated arm64 machine", () => {
  it("the shim fulfils its contract", async () => {
    const outfile = folder.file("contract/contract.mjs");
    await build({
      entryPoints: ["test/contract/shim.test.ts"],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      alias: { vitest: "./test/e2e/plain-vitest.mjs" },
      preserveSymlinks: true,
    });
    cpSync(join(treeOf("arm64"), HOME, "shim.node"), folder.file("contract/shim.node"));
    const { stdout } = onArm64("--test-reporter=tap", outfile);
    expect(stdout).toMatch(/^# pass [1-9]\d+$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  });

  it("the agent checks a configuration", () => {
    const file = folder.file("wrong.conf");
    writeFileSync(file, "sflow {\n  collectr { ip = 192.0.2.1 }\n}\n");
    const { stderr, stdout, status } = onArm64(join(treeOf("arm64"), HOME, "hsflowd.js"), "check", file);
    expect({ said: stdout + stderr, status }).toMatchObject({
      said: expect.stringContaining(`${file}:2:3`),
      status: 1,
    });
  });
});

it("leaves nothing behind in the checkout", () => {
  expect(readdirSync(folder.file("checkout")).filter((name) => name.startsWith("build-"))).toEqual([]);
});
