// packaging/setup.sh in a checkout and a PATH of its own: what it installs, what it prints, and that it is silent
// when nothing is missing.

import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

/** A fake install: it makes a command that has the name of the last package. */
const INSTALL = '; for package in "$@"; do :; done; ln -s cc bin/$package';
/** The tools that build for the other architecture, on either one. */
const COMPILERS = ["aarch64-linux-gnu-gcc", "x86_64-linux-gnu-gcc"];
const CROSS = ["aarch64-linux-gnu", "x86_64-linux-gnu"].map((name) => `/usr/${name}/include/stdio.h`);

const KERNEL = "/var/cache/hsflowd-vm/kernel";

let checkout: string;
let bin: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "setup-test-"));
  bin = join(checkout, "bin");
  for (const folder of ["bin", "agent", "native-shim", "packaging", "node_modules/cap", "dist"]) {
    mkdirSync(join(checkout, folder), { recursive: true });
  }
  copyFileSync("packaging/setup.sh", join(checkout, "packaging/setup.sh"));
  write("package-lock.json", 0);
  write("node_modules/.package-lock.json", 10);
  write("dist/.built", 10);
  for (const tool of ["uname", "chmod", "dirname", "find", "ln", "mktemp", "readlink", "rm", "sh", "tail"]) {
    symlinkSync(execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim(), join(bin, tool));
  }
  fake("node", 'if [ "$1" = --version ]; then echo v20.16.0; else echo "node $*" >>calls; fi');
  fake("npm", 'echo "npm $*" >>calls; : >node_modules/.package-lock.json');
  fake("apt-get", `echo "apt-get $*" >>calls${INSTALL}`);
  mkdirSync(join(checkout, "usr/sbin"), { recursive: true });
  const headers = ["/usr/include/stdio.h", "/usr/include/pcap/pcap.h"];
  for (const file of [...headers, "/usr/lib/podman/netavark", "/bin/busybox", KERNEL, ...CROSS]) {
    mkdirSync(join(checkout, dirname(file)), { recursive: true });
    writeFileSync(join(checkout, file), "");
  }
  for (const tool of ["cc", "docker", "dockerd", "ethtool", "g++", "ip", "iperf3", "make", "nfdump"]) fake(tool);
  for (const tool of [...COMPILERS, "strip", "dpkg-deb", "lintian", "qemu-aarch64-static"]) fake(tool);
  for (const tool of ["cpio", "depmod", "mmdebstrap", "qemu-system-x86_64", "systemd-analyze"]) fake(tool);
  for (const tool of ["ping", "podman", "python3", "sfacctd", "sfcapd", "strace", "sysctl", "tcpdump", "tshark"])
    fake(tool);
  fake("id", "echo 0");
});

afterEach(() => rmSync(checkout, { recursive: true, force: true }));

/**
 * Makes an empty file, dated in the future by this many seconds: the test does not depend on the resolution of file
 * times.
 */
function write(path: string, seconds: number): void {
  writeFileSync(join(checkout, path), "");
  const time = Date.now() / 1000 + seconds;
  utimesSync(join(checkout, path), time, time);
}

function fake(tool: string, script = ""): void {
  writeFileSync(join(bin, tool), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, tool), 0o755);
}

function setup(...args: string[]) {
  const run = spawnSync("sh", ["packaging/setup.sh", ...args], {
    cwd: checkout,
    env: { PATH: bin, SYSROOT: checkout },
    encoding: "utf8",
  });
  const calls = join(checkout, "calls");
  return {
    status: run.status,
    said: run.stdout + run.stderr,
    calls: existsSync(calls) ? readFileSync(calls, "utf8") : "",
  };
}

test("prints and does nothing when nothing is missing", () => {
  expect(setup("--test")).toEqual({ status: 0, said: "", calls: "" });
});

test("as root installs only what is missing", () => {
  rmSync(join(bin, "tshark"));
  expect(setup().calls).toBe("");
  const { said, calls } = setup("--test");
  expect(said).toContain("setup: the tests: installing tshark");
  expect(calls).toMatch(/^apt-get .*install tshark\n$/);
  expect(readdirSync(join(checkout, "usr/sbin"))).toEqual([]);
});

test("as root, when interrupted, leaves nothing that keeps services of this machine from starting", () => {
  fake("apt-get", "ls usr/sbin >>calls; kill -TERM $PPID");
  symlinkSync("/bin/ls", join(bin, "ls"));
  rmSync(join(bin, "tshark"));
  expect(setup("--test")).toMatchObject({ status: 1, calls: "policy-rc.d\n" });
  expect(readdirSync(join(checkout, "usr/sbin"))).toEqual([]);
});

test("as root fetches the package lists only when an install fails", () => {
  fake("apt-cache");
  fake("apt-get", `echo "$2" >>calls; [ "$2" = update ] && : >updated; [ -e updated ] || exit 100${INSTALL}`);
  rmSync(join(bin, "tshark"));
  expect(setup("--test").calls.split("\n")).toEqual(["-y", "update", "-y", ""]);
});

test("as root installs the other packages when this release lacks one", () => {
  fake("apt-cache", '[ "$2" != docker-cli ]');
  fake("apt-get", `case "$*" in *docker-cli*) exit 100 ;; esac; echo "$*" >>calls${INSTALL}`);
  for (const tool of ["tshark", "docker", "tcpdump"]) rmSync(join(bin, tool));
  const { status, said, calls } = setup("--test");
  expect(calls).toMatch(/install tcpdump tshark\n$/);
  expect(said).toMatch(/could not install: .*docker-cli\n/);
  expect(status).toBe(0);
});

test("as root unpacks a kernel for the tests, and installs none", () => {
  for (const tool of ["mkdir", "mv", "sed"]) symlinkSync(`/bin/${tool}`, join(bin, tool));
  fake("apt-cache", 'echo "linux-image-amd64"; echo "  Depends: linux-image-6.1.0-1-amd64"');
  fake("apt-get", 'echo "$*" >>"$SYSROOT/calls"; : >kernel.deb');
  fake("dpkg-deb", "mkdir -p lib/modules/6.1.0-1-amd64");
  fake("depmod", 'echo "depmod $3" >>calls');
  rmSync(join(checkout, KERNEL));
  expect(setup().calls).toBe("");
  const { said, calls } = setup("--test");
  expect(said).toBe("setup: the tests: unpacking linux-image-amd64\n");
  expect(calls).toBe("-qq download linux-image-6.1.0-1-amd64\ndepmod 6.1.0-1-amd64\n");
  expect(readdirSync(join(checkout, KERNEL))).toEqual(["lib"]);
});

test("not as root prints the command to run, and goes on", () => {
  fake("id", "echo 1000");
  rmSync(join(bin, "cc"));
  const { status, said, calls } = setup();
  expect(said).toBe("setup: the agent: please run: sudo apt-get install -y --no-install-recommends gcc\n");
  expect({ status, calls }).toEqual({ status: 0, calls: "" });
});

test("npm packages follow package-lock.json; a linked node_modules is left alone", () => {
  rmSync(join(checkout, "node_modules/.package-lock.json"));
  expect(setup().calls).toMatch(/^npm ci .*\n$/);
  rmSync(join(checkout, "node_modules"), { recursive: true });
  rmSync(join(checkout, "calls"));
  symlinkSync("/nonexistent", join(checkout, "node_modules"));
  expect(setup().calls).toBe("");
});

test("builds when a source is newer than the build", () => {
  write("agent/main.ts", 20);
  expect(setup().calls).toBe("node packaging/build.mjs\n");
});

test.each(["names an old Node: %s", "v20.15.1", "v22.2.0"])("an old Node is named: %s", (version) => {
  fake("node", `echo ${version}`);
  const said = `setup: Node.js 20.16, 22.3 or later is needed, found ${version}\n`;
  expect(setup()).toMatchObject({ status: 1, said });
});

test("the lock file has an entry for every optional package of every platform, as `npm ci` requires", () => {
  type Lock = { packages: Record<string, { optionalDependencies?: Record<string, string> }> };
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock;
  const named = Object.values(lock.packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  const locked = Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, ""));
  expect(named.filter((name) => !locked.includes(name))).toEqual([]);
});
