// Compiles the shim for the package with one compiler, that of Debian 12, so that its bytes do not depend on the
// system of the builder. See mmdebstrap(1), variant "extract".

import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runnableRuntime } from "./runtime.mjs";

const RELEASE = "bookworm";
/** The compilers for both architectures, by that of the builder. */
const COMPILERS = {
  x64: "gcc,libc6-dev,gcc-aarch64-linux-gnu,libc6-dev-arm64-cross",
  arm64: "gcc,libc6-dev,gcc-x86-64-linux-gnu,libc6-dev-amd64-cross",
};
/** Prefix of the compiler and of its tools, by architecture. */
const TOOLS = { amd64: "x86_64-linux-gnu-", arm64: "aarch64-linux-gnu-" };

const SOURCES = [
  "native-shim/build.mjs",
  "native-shim/src",
  "native-shim/helper",
  "packaging/deb/glibc.h",
  "node_modules/node-api-headers",
];

/** Returns the output of a tool for programs of the architecture. */
export const tool = (architecture, name, ...args) =>
  execFileSync(`${TOOLS[architecture]}${name}`, args, { encoding: "utf8", maxBuffer: 1 << 28 });

/** Returns a folder with packages of a release of Debian, only unpacked. Fetches them once, and keeps them. */
export function unpackedDebian(folder, { release, packages, options = [] }) {
  if (existsSync(folder)) return folder;
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(dirname(part), { recursive: true });
  const plain = ["--quiet", "--variant=extract", `--include=${packages}`, ...options];
  execFileSync("mmdebstrap", [...plain, release, part, ...sources(release)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  renameSync(part, folder);
  return folder;
}

/** Returns the mirrors that this machine's apt uses as lines of sources.list(5), or none for those of mmdebstrap. */
function sources(release) {
  const suites = { Debian: release, "Debian-Security": `${release}-security` };
  return Object.entries(suites).flatMap(([label, suite]) => {
    const wanted = ["--format", "$(REPO_URI)", "Created-By: Packages", `Label: ${label}`];
    const [uri] = spawnSync("apt-get", ["indextargets", ...wanted], { encoding: "utf8" }).stdout?.split("\n") ?? [];
    return uri ? [`deb ${uri} ${suite} main`] : [];
  });
}

const compilerFor = (architecture) => ({
  ...process.env,
  CC: `${TOOLS[architecture]}gcc`,
  CFLAGS: "-include packaging/deb/glibc.h",
});

const isDebian12 = () => {
  const system = readFileSync("/etc/os-release", "utf8");
  return /^ID=debian$/m.test(system) && /^VERSION_CODENAME=bookworm$/m.test(system);
};

/** Returns the root of Debian 12 with its compilers. */
const compilerRoot = (cache) =>
  unpackedDebian(join(cache, "debian-12-compiler"), { release: RELEASE, packages: COMPILERS[process.arch] });

/** What is compiled, by the name of the file: the arguments of native-shim/build.mjs before the name. */
const NATIVE = { "shim.node": [], "hsflowd-namespaces": ["--helper"] };

/** Compiles into a folder, in a root of Debian 12, in which Node.js's own build runs, too. The root has no shell. */
export function compileInDebian12(architecture, folder, cache) {
  const root = compilerRoot(cache);
  for (const path of SOURCES) {
    rmSync(join(root, path), { recursive: true, force: true });
    cpSync(path, join(root, path), { recursive: true, dereference: true });
  }
  copyFileSync(runnableRuntime(cache), join(root, "node"));
  mkdirSync(folder, { recursive: true });
  for (const [name, words] of Object.entries(NATIVE)) {
    execFileSync("chroot", [root, "/node", "native-shim/build.mjs", ...words, name], {
      stdio: "inherit",
      env: compilerFor(architecture),
    });
    copyFileSync(join(root, name), join(folder, name));
  }
}

/** Returns why Debian 12's compiler is not to be had here, or undefined. */
function obstacle(cache) {
  if (process.getuid() !== 0) return "only root can unpack Debian 12's";
  try {
    compilerRoot(cache);
    return undefined;
  } catch (error) {
    return `Debian 12's was not unpacked (${error.code ?? error.message.split("\n")[0]})`;
  }
}

/** Compiles into a folder. Prints a notice if only another compiler than that of Debian 12 is available. */
export function compileNative(architecture, folder, cache) {
  if (!isDebian12()) {
    const reason = obstacle(cache);
    if (reason === undefined) return compileInDebian12(architecture, folder, cache);
    console.error(`the shim is compiled by this system's compiler, because ${reason}: it works, but has other bytes`);
  }
  for (const [name, words] of Object.entries(NATIVE))
    execFileSync(process.execPath, ["native-shim/build.mjs", ...words, join(folder, name)], {
      stdio: "inherit",
      env: compilerFor(architecture),
    });
}
