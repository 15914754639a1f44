// Compiles the addon, or with --helper hsflowd-namespaces: node native-shim/build.mjs [--helper] OUT... Needs a C
// compiler (CC, else cc) and nothing else.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

const FLAGS = "-std=c11 -O2 -D_GNU_SOURCE -Wall -Wextra -Werror -Wconversion -Wno-sign-conversion -Wl,-z,relro,-z,now";
/** What the sources are compiled to. The helper has no start files, see its entry. */
const KINDS = {
  shim: { folder: "src", flags: "-fPIC -shared -pthread -fvisibility=hidden -DNAPI_VERSION=8 -Wl,--as-needed" },
  helper: { folder: "helper", flags: "-fPIE -pie -nostartfiles -Wl,-e,start" },
};

/** Replaces the file instead of writing into it, because a process may have the old addon mapped. */
function replace(target, fill) {
  mkdirSync(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}`;
  try {
    fill(temporary);
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function compile({ folder, flags }, target) {
  const sources = readdirSync(join(here, folder)).filter((name) => name.endsWith(".c"));
  const include = dirname(createRequire(import.meta.url).resolve("node-api-headers/include/node_api.h"));
  const [cc, ...ccFlags] = (process.env["CC"] || "cc").split(" ");
  const all = [
    ...ccFlags,
    ...`${FLAGS} ${flags}`.split(" "),
    "-I",
    include,
    ...(process.env["CFLAGS"]?.split(" ") ?? []),
  ];
  execFileSync(cc, [...all, "-o", target, ...sources.map((name) => join(here, folder, name))], { stdio: "inherit" });
}

const words = process.argv.slice(2);
const kind = words[0] === "--helper" ? "helper" : "shim";
const [first, ...others] = kind === "helper" ? words.slice(1) : words;
if (first === undefined) {
  console.error("usage: node native-shim/build.mjs [--helper] OUT...");
  process.exit(1);
}
replace(first, (temporary) => compile(KINDS[kind], temporary));
for (const other of others) replace(other, (temporary) => copyFileSync(first, temporary));
