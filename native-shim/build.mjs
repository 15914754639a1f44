// Compiles the addon with the system's C compiler: `node native-shim/build.mjs OUT`. CC and CFLAGS are honoured, so a cross compiler works.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const here = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
const out = process.argv[2] ?? join(here, "build", "shim.node");
const headers = dirname(createRequire(import.meta.url).resolve("node-api-headers/include/node_api.h"));
const sources = readdirSync(join(here, "src"))
  .filter((name) => name.endsWith(".c"))
  .map((name) => join(here, "src", name));
const flags = "-std=c11 -O2 -fPIC -fvisibility=hidden -shared -pthread -Wall -Wextra -Werror".split(" ");
const more = (process.env.CFLAGS ?? "").split(" ").filter(Boolean);

mkdirSync(dirname(out), { recursive: true });
execFileSync(process.env.CC ?? "cc", [...flags, ...more, "-I", headers, ...sources, "-o", out], { stdio: "inherit" });
