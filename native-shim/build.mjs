// Compiles the addon: node native-shim/build.mjs OUT... Needs a C compiler (CC, else cc) and nothing else.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

const FLAGS = [
  "-std=c11 -O2 -fPIC -shared -pthread -fvisibility=hidden -D_GNU_SOURCE -DNAPI_VERSION=8",
  "-Wall -Wextra -Werror -Wconversion -Wno-sign-conversion -Wl,-z,relro,-z,now -Wl,--as-needed",
];

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

function compile(target) {
  const sources = readdirSync(join(here, "src")).filter((name) => name.endsWith(".c"));
  const include = dirname(createRequire(import.meta.url).resolve("node-api-headers/include/node_api.h"));
  const [cc, ...ccFlags] = (process.env["CC"] || "cc").split(" ");
  const flags = [
    ...ccFlags,
    ...FLAGS.join(" ").split(" "),
    "-I",
    include,
    ...(process.env["CFLAGS"]?.split(" ") ?? []),
  ];
  execFileSync(cc, [...flags, "-o", target, ...sources.map((name) => join(here, "src", name))], { stdio: "inherit" });
}

const [first, ...others] = process.argv.slice(2);
if (first === undefined) {
  console.error("usage: node native-shim/build.mjs OUT...");
  process.exit(1);
}
replace(first, compile);
for (const other of others) replace(other, (temporary) => copyFileSync(first, temporary));
