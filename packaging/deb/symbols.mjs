// The symbols that the programs of the package take from libraries: none is newer than a fixed version, and the
// package depends on the versions in use. See objdump(1), Debian Policy, section 8.6.

/**
 * The newest version of each kind of symbol, by file. GCC 8 and glibc 2.28 are those of Node.js's own build, and all
 * systems in README.md have later ones. A newer compiler or C library of the builder may bind others unasked.
 */
export const NEWEST = {
  node: { GLIBC: "2.28", GLIBCXX: "3.4.25", CXXABI: "1.3.11", GCC: "8" },
  "shim.node": { GLIBC: "2.17" },
  "hsflowd-namespaces": { GLIBC: "2.17" },
};

/** The first GCC whose libstdc++ has the version. See the GCC manual, "ABI Policy and Guidelines". */
const FIRST_GCC = {
  ...{ "GLIBCXX_3.4.21": 5, "GLIBCXX_3.4.22": 6, "GLIBCXX_3.4.23": 7, "GLIBCXX_3.4.24": 7, "GLIBCXX_3.4.25": 8 },
  ...{ "CXXABI_1.3.9": 5, "CXXABI_1.3.10": 6, "CXXABI_1.3.11": 7 },
};

/** Debian's package of each library. */
const PACKAGES = [
  [/^(lib(c|m|dl|pthread|rt)\.so\.\d+|ld-linux-.*)$/, "libc6"],
  [/^libgcc_s\.so\.1$/, "libgcc-s1"],
  [/^libstdc\+\+\.so\.6$/, "libstdc++6"],
];

const compare = (a, b) => {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  const at = left.findIndex((number, i) => number !== right[i]);
  if (at < 0) return left.length - right.length;
  return left[at] - (right[at] ?? -1);
};

/**
 * Reads the output of `objdump -p -T`: the libraries, and each version that they must have, with the symbols of that
 * version. A version may have no symbols, such as GLIBC_ABI_DT_RELR.
 */
export function readSymbols(text) {
  const libraries = [...text.matchAll(/^ +NEEDED +(\S+)$/gm)].map(([, name]) => name);
  const symbols = [...text.matchAll(/\t\w+ +\(?(\w+_[\w.]+)\)? +(?:\.\w+ +)?(\S+)$/gm)];
  const references = [...text.matchAll(/^ +0x\w+ 0x\w+ \d+ ([A-Z]+)_(\S+)$/gm)];
  const versions = references.map(([, kind, version]) => {
    const names = symbols.filter(([, of]) => of === `${kind}_${version}`).map(([, , name]) => name);
    return { kind, version, names };
  });
  return { libraries, versions };
}

const isAllowed = (newest, version) =>
  newest !== undefined && /^[\d.]+$/.test(version) && compare(version, newest) <= 0;

/** Throws an error that names every symbol of the file that is too new. */
export function checkSymbols(file, { versions }) {
  const newest = NEWEST[file];
  const late = versions.filter(({ kind, version }) => !isAllowed(newest[kind], version));
  if (late.length === 0) return;
  const used = late.map(
    ({ kind, version, names }) => `${kind}_${version} (${names.join(", ") || "the file as a whole"})`,
  );
  const allowed = Object.entries(newest).map(([kind, version]) => `${kind}_${version}`);
  throw new Error(
    `${file} would not start on older systems: it needs ${used.join(", ")}, but at most ${allowed.join(", ")} is ` +
      "allowed: avoid these symbols, or bind older versions in packaging/deb/glibc.h",
  );
}

/** Returns the value of Depends: for programs with these libraries and versions. */
export function dependencies(programs) {
  const packages = programs.flatMap(({ libraries }) => libraries.map(packageOf));
  const versions = programs.flatMap((program) => program.versions);
  const glibc = versions.filter(({ kind }) => kind === "GLIBC").map(({ version }) => version);
  const gcc = versions.map(({ kind, version }) => FIRST_GCC[`${kind}_${version}`] ?? 5);
  const least = { libc6: glibc.toSorted(compare).at(-1), "libstdc++6": Math.max(...gcc) };
  const clause = (name) => (name in least ? `${name} (>= ${least[name]})` : name);
  return [...new Set(packages)].sort().map(clause).join(", ");
}

function packageOf(library) {
  const [, name] = PACKAGES.find(([pattern]) => pattern.test(library)) ?? [];
  if (name === undefined) throw new Error(`no package is known for ${library}: name it in packaging/deb/symbols.mjs`);
  return name;
}
