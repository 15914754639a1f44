// The rules of the house that no compiler checks: who imports whom, sizes, what no file may contain. agent/README.md.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

const ANY = /^/;
const NOTHING = /^$/;

/**
 * The first pattern that matches a file decides: which of our files it may import besides those of its own folder,
 * which modules of Node, and which packages.
 */
const MATRIX: readonly { file: RegExp; ours: RegExp; node?: RegExp; packages?: RegExp }[] = [
  { file: /^agent\/(xdr|config|proc|netlink|packet|log)\//, ours: NOTHING },
  { file: /^agent\/sflow\//, ours: /^agent\/(sflow|xdr)\// },
  { file: /^agent\/host\/identity\.ts$/, ours: /^agent\/(host|config)\// },
  { file: /^agent\/host\/(linux|files|clock)[\w-]*\.ts$/, ours: /^native-shim\//, node: ANY },
  { file: /^agent\/host\//, ours: /^native-shim\/shim\.ts$/ },
  { file: /^agent\/dns\/message\.ts$/, ours: NOTHING, packages: /^dns-packet$/ },
  { file: /^agent\/dns\//, ours: /^agent\/(host|config)\/|^agent\/turns\.ts$/ },
  { file: /^agent\/interfaces\//, ours: /^agent\/(netlink|proc|host|config|log)\/|^native-shim\// },
  { file: /^agent\/counters\//, ours: /^agent\/(proc|netlink|sflow|host|interfaces|log|xdr)\// },
  {
    file: /^agent\/capture\/libpcap\.ts$/,
    ours: /^agent\/(capture|packet|host|log)\/|^native-shim\//,
    packages: /^cap$/,
  },
  { file: /^agent\/capture\//, ours: /^agent\/(packet|netlink|host|log)\/|^native-shim\// },
  { file: /^agent\/flow\//, ours: /^agent\/(packet|sflow|host|log|capture)\/|^native-shim\// },
  {
    file: /^agent\/(settings|sflow-block|speed-name)\.ts$/,
    ours: /^agent\/(interfaces|config)\/|^agent\/(sflow-block|speed-name)\.ts$/,
  },
  {
    file: /^agent\/modules\/(module|index|report|found)\.ts$/,
    ours: /^agent\/(capture|config|control\/status|flow|host|interfaces|log|modules|proc\/status|sflow|settings)/,
  },
  {
    file: /^agent\/modules\/[\w-]+\//,
    ours: RegExp(
      [
        /^agent\/(counters|flow|capture|dns|interfaces|sflow|netlink|packet|proc|xdr|config|log)\//,
        /^agent\/(settings|turns|control\/status|modules\/(module|report|found)|host\/(host|socket-\w+))\.ts$/,
        /^native-shim\/(shim|batch|errno)\.ts$/,
      ]
        .map((part) => part.source)
        .join("|"),
    ),
    packages: /^(dockerode|prom-client)$/,
  },
  {
    file: /^agent\/cli\.ts$/,
    ours: /^agent\/(flags|command-list|settings|version)\.ts$|^agent\/config\//,
    packages: /^yargs/,
    node: ANY,
  },
  { file: /^agent\/(main|status)\.ts$/, ours: /^agent\//, packages: /^package\.json$/, node: ANY },
  { file: /^agent\/[\w-]+\.ts$/, ours: /^(agent|native-shim)\/(?!main)/, node: ANY },
  { file: /^agent\/commands\//, ours: /^(agent|native-shim)\/(?!main)/, node: ANY },
  {
    file: /^agent\/control\//,
    ours: /^agent\/(log|sflow|interfaces)\/|^agent\/modules\/(report|found)\.ts$|^agent\/host\/linux-unix\.ts$/,
    node: ANY,
  },
  { file: /^native-shim\//, ours: NOTHING, node: ANY },
];

const I_O = /^node:(fs|dgram|dns|net|timers|child_process|worker_threads|http|https)/;

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && !/^test\/(fixtures|golden)\/|\.(pcap|bin|png)$/.test(file));
const text = new Map(files.map((file) => [file, read(file)]));
const sources = files.filter((file) => /^(agent|native-shim)\/.*\.ts$/.test(file));
const typescript = files.filter((file) => file.endsWith(".ts"));

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Static imports and re-exports begin a line; dynamic ones name their file in one string. */
function importsOf(file: string): string[] {
  const found = (text.get(file) ?? "").matchAll(
    /(?:^(?:import|export)\b[^;]*?\bfrom\s*|\bimport\(\s*|^import\s*)"([^"]+)"/gm,
  );
  return [...found].map(([, name = ""]) => (name.startsWith(".") ? normalize(join(dirname(file), name)) : name));
}

function offences(judge: (file: string, imported: string) => boolean): string[] {
  return sources.flatMap((file) =>
    importsOf(file)
      .filter((imported) => judge(file, imported))
      .map((imported) => `${file} imports ${imported}`),
  );
}

/**
 * What is loaded with a file; a dynamic import waits until the file is at work, so a module and its options may name
 * each other.
 */
function loadedWith(file: string): string[] {
  const later = new Set([...(text.get(file) ?? "").matchAll(/\bimport\(\s*"([^"]+)"/g)].map(([, name = ""]) => name));
  return importsOf(file).filter(
    (imported) => ![...later].some((name) => normalize(join(dirname(file), name)) === imported),
  );
}

const rule = (file: string) => MATRIX.find((row) => row.file.test(file));
const isOurs = (imported: string) => /^(agent|native-shim)\//.test(imported);
/** The folder whose files know one another: of a module, its own. */
const home = (file: string) => /^agent\/modules\/[\w-]+\/|^(agent\/[\w-]+\/|native-shim\/)/.exec(file)?.[0] ?? file;

/** Lines of the tracked files that match, as `file:line: text`. */
function grep(pattern: RegExp, among: readonly string[]): string[] {
  return among.flatMap((file) =>
    (text.get(file) ?? "")
      .split("\n")
      .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
  );
}

const longerThan = (limit: number, among: readonly string[]) =>
  among.filter((file) => lines(file) > limit).map((file) => `${file}: ${lines(file)}`);
const lines = (file: string) => (text.get(file) ?? "").trimEnd().split("\n").length;

describe("imports", () => {
  test("every file has a row in the matrix", () => {
    expect(sources.filter((file) => rule(file) === undefined)).toEqual([]);
  });

  test("of ours go down only", () => {
    const bad = offences((file, to) => isOurs(to) && home(file) !== home(to) && !rule(file)?.ours.test(to));
    expect(bad).toEqual([]);
  });

  test("of Node's own I/O stay in agent/host, agent/control, in commands and at the root", () => {
    expect(offences((file, to) => I_O.test(to) && !rule(file)?.node?.test(to))).toEqual([]);
  });

  test("of a package are in the one file that owns it", () => {
    const bad = offences((file, to) => !isOurs(to) && !to.startsWith("node:") && !rule(file)?.packages?.test(to));
    expect(bad).toEqual([]);
    const owners = { dockerode: "agent/modules/docker/", "prom-client": "agent/modules/metrics/" };
    for (const [name, folder] of Object.entries(owners))
      expect(offences((file, to) => to === name && !file.startsWith(folder))).toEqual([]);
  });

  test("of a package that one block needs wait for the block", () => {
    const atStart = reachedFrom("agent/process.ts");
    expect([...atStart]).toContain("agent/modules/docker/config.ts");
    expect(["dockerode", "prom-client"].filter((name) => atStart.has(name))).toEqual([]);
  });

  test("make no circle", () => {
    expect(circles()).toEqual([]);
  });

  test("name the file, not a folder, and leave none without its kind", () => {
    expect(offences((_, to) => isOurs(to) && !text.has(to))).toEqual([]);
  });
});

/** Files and packages that are loaded with one. */
function reachedFrom(file: string): ReadonlySet<string> {
  const reached = new Set([file]);
  for (const next of reached) for (const imported of loadedWith(next)) reached.add(imported);
  return reached;
}

function circles(): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(" -> "));
    else if (!done.has(file)) {
      for (const imported of loadedWith(file).filter(isOurs)) visit(imported, [...path, file]);
      done.add(file);
    }
  };
  for (const file of sources) visit(file, []);
  return found;
}

/** More than 120 columns, but for a string, which the formatter cannot break. */
const WIDE = /^(?!.*(["'`]).{80,}\1).{121,}/;

describe("sizes", () => {
  test("no file is over 250 lines, no line wider than 120", () => {
    expect(longerThan(250, typescript)).toEqual([]);
    expect(grep(WIDE, [...typescript, ...files.filter((file) => /\.(c|h|sh|mjs)$/.test(file))])).toEqual([]);
  });

  test("the native shim is at most 815 lines of C, a file 200", () => {
    const c = files.filter((file) => /^native-shim\/.*\.[ch]$/.test(file));
    expect(longerThan(200, c)).toEqual([]);
    expect(c.reduce((sum, file) => sum + lines(file), 0)).toBeLessThanOrEqual(815);
  });
});

describe("text", () => {
  test("a file begins by saying what it is", () => {
    const kinds = /\.(ts|mjs|c|h)$/;
    expect(files.filter((file) => kinds.test(file) && !/^(#!.*\n)?(\/\/|\/\*) ?\S/.test(text.get(file) ?? ""))).toEqual(
      [],
    );
  });

  test("nothing at module level changes, nothing is exported by default", () => {
    expect(grep(/^(export )?(let|var) /, sources)).toEqual([]);
    expect(grep(/^export default/, sources)).toEqual([]);
  });

  test("nothing is typed any, nothing is mocked, nothing is skipped, nothing is left for later", () => {
    const here = typescript.filter((file) => file !== "test/architecture.test.ts");
    expect(
      grep(
        /(: |<|as )any\b(?!thing)|@ts-(ignore|expect-error)/,
        here.filter((file) => !/^agent\/xdr\//.test(file)),
      ),
    ).toEqual([]);
    expect(grep(/\bvi\.(mock|spyOn)\b|\b(test|it|describe)\.(skip|todo|only)\b/, here)).toEqual([]);
    expect(grep(/\b(TODO|FIXME|XXX)\b/, here)).toEqual([]);
  });

  test("no file names the place where it was written, nor where its packages came from", () => {
    const here = files.filter((file) => file !== "test/architecture.test.ts");
    expect(grep(/(^|[\s"'`(=])\/(work|home|Users)\/\w/, here)).toEqual([]);
    expect(grep(/"resolved":|registry\.\w+\.\w+|_authToken/, here)).toEqual([]);
  });
});
