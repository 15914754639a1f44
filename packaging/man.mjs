// Writes hsflowd.8, hsflowd.conf.5, and completions for bash, zsh and fish, from the tables and READMEs of the sources.
// Usage: node packaging/man.mjs [FOLDER], by default dist/man.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
/** The time of the commit in a package, otherwise today. See reproducible-builds.org, SOURCE_DATE_EPOCH. */
const epoch = process.env["SOURCE_DATE_EPOCH"];
const time = epoch === undefined ? new Date() : new Date(Number(epoch) * 1000);
const edition = { version, date: time.toISOString().slice(0, 10) };
const [target = "dist/man"] = process.argv.slice(2);
mkdirSync(target, { recursive: true });
const folder = mkdtempSync(`${target}-`);
const load = (name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href);
try {
  await build({
    entryPoints: {
      manual: "agent/commands/manual.ts",
      bash: "agent/commands/completion/bash.ts",
      zsh: "agent/commands/completion/zsh.ts",
      fish: "agent/commands/completion/fish.ts",
    },
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
  const { bashCompletion } = await load("bash");
  const { zshCompletion } = await load("zsh");
  const { fishCompletion } = await load("fish");
  const pages = readdirSync("agent/modules").map((name) => [name, `agent/modules/${name}/README.md`]);
  const readmes = new Map(
    pages.filter(([, file]) => existsSync(file)).map(([name, file]) => [name, readFileSync(file, "utf8")]),
  );
  writeFileSync(join(target, "hsflowd.8"), agentManual(edition));
  writeFileSync(join(target, "hsflowd.bash"), bashCompletion());
  writeFileSync(join(target, "_hsflowd"), zshCompletion());
  writeFileSync(join(target, "hsflowd.fish"), fishCompletion());
  writeFileSync(join(target, "hsflowd.conf.5"), configurationManual(edition, readmes));
} finally {
  rmSync(folder, { recursive: true });
}
