// The check of the symbols that the programs of the package need, and the Depends: computed from them.

import { expect, it } from "vitest";
import { checkSymbols, dependencies, readSymbols } from "../../packaging/deb/symbols.mjs";

/** Returns what objdump(1) prints about a program that needs `symbols`, such as "close GLIBC_2.2.5". */
function program(libraries: readonly string[], symbols: readonly string[], more: readonly string[] = []): string {
  const versions = [...new Set(symbols.map((symbol) => symbol.split(" ")[1] ?? "")), ...more];
  return [
    "Dynamic Section:",
    ...libraries.map((library) => `  NEEDED               ${library}`),
    "",
    "Version References:",
    "  required from libc.so.6:",
    ...versions.map((version, i) => `    0x0d696916 0x00 ${String(i).padStart(2, "0")} ${version}`),
    "DYNAMIC SYMBOL TABLE:",
    "0000000000000000  w   D  *UND*\t0000000000000000  Base        __gmon_start__",
    ...symbols.map((symbol) => {
      const [name, version] = symbol.split(" ");
      return `0000000000000000      DF *UND*\t0000000000000000 (${version}) ${name}`;
    }),
    "",
  ].join("\n");
}

const shim = (...symbols: string[]) => readSymbols(program(["libc.so.6"], symbols));

it("accepts symbols of glibc 2.17 and before in the shim, and of 2.28 in Node.js", () => {
  expect(() => checkSymbols("shim.node", shim("close GLIBC_2.2.5", "clock_gettime GLIBC_2.17"))).not.toThrow();
  expect(() => checkSymbols("node", shim("fcntl64 GLIBC_2.28"))).not.toThrow();
});

it.each([
  ["__isoc23_strtol GLIBC_2.38", "GLIBC_2.38 (__isoc23_strtol)"],
  ["fcntl64 GLIBC_2.28", "GLIBC_2.28 (fcntl64)"],
  ["pthread_create GLIBC_2.34", "GLIBC_2.34 (pthread_create)"],
  ["clock_gettime GLIBC_2.17.1", "GLIBC_2.17.1 (clock_gettime)"],
  ["_Unwind_Resume GCC_3.0", "GCC_3.0 (_Unwind_Resume)"],
])("rejects %s in the shim by name", (symbol, named) => {
  expect(() => checkSymbols("shim.node", shim("close GLIBC_2.2.5", symbol))).toThrow(named);
});

it("rejects a version without symbols, such as that of compact relocations", () => {
  const text = program(["libc.so.6"], ["close GLIBC_2.2.5"], ["GLIBC_ABI_DT_RELR"]);
  const named = "GLIBC_ABI_DT_RELR (the file as a whole)";
  expect(() => checkSymbols("shim.node", readSymbols(text))).toThrow(named);
});

it("reads variables of a library that the program holds a copy of", () => {
  const copy = "0000000000004020 g    DO .bss\t0000000000000008  GLIBC_2.99  environ\n";
  const text = program(["libc.so.6"], [], ["GLIBC_2.99"]) + copy;
  expect(() => checkSymbols("node", readSymbols(text))).toThrow("GLIBC_2.99 (environ)");
});

it("computes Depends: from the newest version of each library", () => {
  const libraries = ["ld-linux-x86-64.so.2", "libc.so.6", "libdl.so.2", "libgcc_s.so.1", "libstdc++.so.6"];
  const symbols = [
    "getrandom GLIBC_2.25",
    "log GLIBC_2.9",
    "_Znwm GLIBCXX_3.4",
    "_ZSt CXXABI_1.3.11",
    "_Unwind GCC_3.0",
  ];
  const node = readSymbols(program(libraries, symbols));
  expect(dependencies([node, shim("close GLIBC_2.2.5")])).toBe("libc6 (>= 2.25), libgcc-s1, libstdc++6 (>= 7)");
  expect(dependencies([node, shim("fcntl64 GLIBC_2.28")])).toContain("libc6 (>= 2.28)");
});

it("names a library for which no package is known", () => {
  expect(() => dependencies([readSymbols(program(["libatomic.so.1"], []))])).toThrow("libatomic.so.1");
});
