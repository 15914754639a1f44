// packaging/setup.sh in a checkout and a PATH of its own: what it installs, what it prints, and that it is silent
// when nothing is missing.

import { readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Checkout, INSTALL, KERNEL, PLAN } from "./checkout.ts";

let checkout: Checkout;

beforeEach(() => {
  checkout = new Checkout();
});

afterEach(() => checkout.remove());

test("prints and does nothing when nothing is missing", () => {
  expect(checkout.setup("--test")).toEqual({ status: 0, said: "", calls: "" });
});

test("as root installs only what is missing", () => {
  rmSync(checkout.tool("tshark"));
  expect(checkout.setup().calls).toBe("");
  const { said, calls } = checkout.setup("--test");
  expect(said).toBe(
    "setup: the tests: apt is to install tshark, in all 12 package(s), 6158 kB/6770 kB to fetch, 28.4 MB on disk\n",
  );
  expect(calls).toMatch(/^apt-get .*install tshark\n$/);
  expect(readdirSync(checkout.at("usr/sbin"))).toEqual([]);
});

test("installs what signs a release for a release only", () => {
  rmSync(checkout.tool("gpg"));
  expect(checkout.setup("--deb").calls).toBe("");
  const { said, calls } = checkout.setup("--release");
  expect(said).toContain("setup: the release: apt is to install gpg,");
  expect(calls).toMatch(/^apt-get .*install gpg\n$/);
});

test("as root, when interrupted, leaves nothing that keeps services of this machine from starting", () => {
  checkout.fakeApt("ls usr/sbin >>calls; kill -TERM $PPID");
  symlinkSync("/bin/ls", checkout.tool("ls"));
  rmSync(checkout.tool("tshark"));
  expect(checkout.setup("--test")).toMatchObject({ status: 1, calls: "policy-rc.d\n" });
  expect(readdirSync(checkout.at("usr/sbin"))).toEqual([]);
});

/** An apt-get that knows no package before it has fetched the lists. */
const OLD_LISTS = `case "$*" in *" update"*) : >updated ;; *) [ -e updated ] || exit 100 ;; esac`;

test("as root fetches the package lists only when apt has no plan without, or when an install fails", () => {
  checkout.fake("apt-cache");
  const steps = `case "$*" in *update*) echo update >>calls ;; *) echo install >>calls ;; esac\n${OLD_LISTS}`;
  const run = (plan: string) => {
    rmSync(checkout.tool("tshark"));
    rmSync(checkout.at("updated"), { force: true });
    checkout.fakeApt(`${steps}${INSTALL}`, plan);
    return checkout.setup("--test").calls;
  };
  expect(run(`[ -e updated ] || exit 100; ${PLAN}`)).toBe("update\ninstall\n");
  expect(run(PLAN)).toBe("update\ninstall\ninstall\nupdate\ninstall\n");
});

test("as root installs the other packages when this release lacks one", () => {
  checkout.fake("apt-cache", '[ "$2" != docker-cli ]');
  const refuse = 'case "$*" in *docker-cli*) exit 100 ;; esac';
  checkout.fakeApt(`${refuse}; echo "$*" >>calls${INSTALL}`, `${refuse}; ${PLAN}`);
  for (const tool of ["tshark", "docker", "tcpdump"]) rmSync(checkout.tool(tool));
  const { status, said, calls } = checkout.setup("--test");
  expect(calls).toMatch(/install tcpdump tshark\n$/);
  expect(said).toMatch(/could not install: .*docker-cli\n/);
  expect(status).toBe(0);
});

test("as root unpacks a kernel for the tests, and installs none", () => {
  for (const tool of ["mkdir", "mv"]) symlinkSync(`/bin/${tool}`, checkout.tool(tool));
  checkout.fake("apt-cache", 'echo "linux-image-amd64"; echo "  Depends: linux-image-6.1.0-1-amd64"');
  checkout.fakeApt('echo "$*" >>"$SYSROOT/calls"; : >kernel.deb');
  checkout.fake("dpkg-deb", "mkdir -p lib/modules/6.1.0-1-amd64");
  checkout.fake("depmod", 'echo "depmod $3" >>calls');
  rmSync(checkout.at(KERNEL));
  expect(checkout.setup().calls).toBe("");
  const { said, calls } = checkout.setup("--test");
  expect(said).toMatch(
    /the tests: linux-image-amd64 is to be unpacked, not installed, in .*\n.*: unpacking linux-image-amd64\n$/,
  );
  expect(calls).toBe("-q download linux-image-6.1.0-1-amd64\ndepmod 6.1.0-1-amd64\n");
  expect(readdirSync(checkout.at(KERNEL))).toEqual(["lib"]);
});

test("not as root prints the command to run, and goes on", () => {
  checkout.fake("id", "echo 1000");
  rmSync(checkout.tool("cc"));
  const { status, said, calls } = checkout.setup();
  expect(said).toBe("setup: the agent: please run: sudo apt-get install -y --no-install-recommends gcc\n");
  expect({ status, calls }).toEqual({ status: 0, calls: "" });
});

test("npm packages follow package-lock.json; a linked node_modules is left alone", () => {
  rmSync(checkout.at("node_modules/.package-lock.json"));
  expect(checkout.setup().calls).toMatch(/^npm ci .*\n$/);
  rmSync(checkout.at("node_modules"), { recursive: true });
  rmSync(checkout.at("calls"));
  symlinkSync("/nonexistent", checkout.at("node_modules"));
  expect(checkout.setup().calls).toBe("");
});

test("builds when a source is newer than the build", () => {
  checkout.write("agent/main.ts", 20);
  expect(checkout.setup().calls).toBe("node packaging/build.mjs\n");
});

test("the lock file has an entry for every optional package of every platform, as `npm ci` requires", () => {
  type Lock = { packages: Record<string, { optionalDependencies?: Record<string, string> }> };
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock;
  const named = Object.values(lock.packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  const locked = Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, ""));
  expect(named.filter((name) => !locked.includes(name))).toEqual([]);
});
