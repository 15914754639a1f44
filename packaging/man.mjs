// Writes hsflowd.8, hsflowd.conf.5 and hsflowd.bash (completion), assembled from the tables and READMEs of the sources.
// Usage: node packaging/man.mjs [FOLDER], by default dist/man.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const [target = "dist/man"] = process.argv.slice(2);
mkdirSync(target, { recursive: true });
const folder = mkdtempSync(`${target}-`);
const load = (name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href);
try {
  await build({
    entryPoints: ["agent/commands/manual.ts", "agent/commands/completion.ts"],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    external: ["cap", "cpu-features", "ssh2", "dockerode"],
    logLevel: "error",
  });
  const { agentManual, configurationManual } = await load("manual");
  const { bashCompletion } = await load("completion");
  const pages = readdirSync("agent/modules").map((name) => [name, `agent/modules/${name}/README.md`]);
  const readmes = new Map(
    pages.filter(([, file]) => existsSync(file)).map(([name, file]) => [name, readFileSync(file, "utf8")]),
  );
  writeFileSync(join(target, "hsflowd.8"), agentManual(version));
  writeFileSync(join(target, "hsflowd.bash"), bashCompletion());
  writeFileSync(join(target, "hsflowd.conf.5"), configurationManual(version, readmes));
} finally {
  rmSync(folder, { recursive: true });
}
