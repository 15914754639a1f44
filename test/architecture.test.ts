// The rules of the house that no compiler checks: imports, sizes, and text that no file may contain. agent/README.md.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { FLOORS, floorOf, I_O, NODE_IO, OUTPUTS, PACKAGES, roomOf, rooms } from "./floor-plan.ts";

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
 * What is loaded together with a file. A dynamic import waits until the file is at work, so a module and its options
 * may import each other.
 */
function loadedWith(file: string): string[] {
  const later = new Set([...(text.get(file) ?? "").matchAll(/\bimport\(\s*"([^"]+)"/g)].map(([, name = ""]) => name));
  return importsOf(file).filter(
    (imported) => ![...later].some((name) => normalize(join(dirname(file), name)) === imported),
  );
}

const isOurs = (imported: string) => /^(agent|native-shim)\//.test(imported);
/** The folder of a file; for a file of a block, the folder of that block. */
const home = (file: string) => /^agent\/modules\/[\w-]+\/|^(agent\/[\w-]+\/|native-shim\/)/.exec(file)?.[0] ?? file;

/** Returns the lines of the tracked files that match, as `file:line: text`. */
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
  test("every file belongs to a room of the plan", () => {
    expect(sources.filter((file) => !rooms.has(roomOf(file)))).toEqual([]);
  });

  test("every room imports rooms of lower floors only", () => {
    const upward = FLOORS.flatMap((floor, depth) =>
      floor.flatMap(({ name, may }) =>
        may.filter((to) => (floorOf.get(to) ?? 0) <= depth).map((to) => `${name}: ${to}`),
      ),
    );
    expect(upward).toEqual([]);
  });

  test("an import goes to a room that the plan names, and from a block never to another block", () => {
    const bad = offences((file, to) => {
      if (!isOurs(to) || home(file) === home(to)) return false;
      const [from, into] = [roomOf(file), roomOf(to)];
      if (from !== into) return !rooms.get(from)?.may.includes(into);
      return from === "modules" && /^agent\/modules\/[\w-]+\//.test(file) && /^agent\/modules\/[\w-]+\//.test(to);
    });
    expect(bad).toEqual([]);
  });

  test("only the edges of the process import Node's own I/O", () => {
    expect(offences((file, to) => I_O.test(to) && !NODE_IO.test(file))).toEqual([]);
  });

  test("text leaves the process only through cli/output.ts, which takes no other than printable text", () => {
    const writes = /process\.(stdout|stderr)\.write|console\.(log|error|warn|info)/;
    expect(
      grep(
        writes,
        sources.filter((file) => !OUTPUTS.includes(file)),
      ),
    ).toEqual([]);
  });

  test("a package is imported only where it is owned", () => {
    const bad = offences((file, to) => {
      if (isOurs(to) || to.startsWith("node:") || to === "package.json") return false;
      return !PACKAGES.some(([name, owner]) => name.test(to) && owner.test(file));
    });
    expect(bad).toEqual([]);
  });

  test("a package that one block needs is loaded with that block", () => {
    const atStart = reachedFrom("agent/process/serve.ts");
    expect([...atStart]).toContain("agent/modules/docker/config.ts");
    expect(["dockerode", "prom-client"].filter((name) => atStart.has(name))).toEqual([]);
  });

  test("imports make no circle", () => {
    expect(circles()).toEqual([]);
  });

  test("an import names a file with its extension, not a folder", () => {
    expect(offences((_, to) => isOurs(to) && !text.has(to))).toEqual([]);
  });
});

/** Returns the files and packages that are loaded with a file. */
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

/** Longer than 120 columns. A long string is allowed: the formatter cannot break it. */
const WIDE = /^(?!.*(["'`]).{80,}\1).{121,}/;

const CONTROL =
  /^\s*(\} )?(else|if|for|while|switch|try|catch|finally|do|class|interface|export (class|interface|type)|type)\b/;

/**
 * Functions of more than `limit` lines, signature included. The formatter indents, so a function ends at the next
 * closing brace in the column where it began.
 */
function longFunctions(file: string, limit: number): string[] {
  const all = (text.get(file) ?? "").split("\n");
  const indent = (line: string) => /^\s*/.exec(line)?.[0] ?? "";
  return all.flatMap((line, i) => {
    if (!/(\)|=>|\): .+) \{$/.test(line) || CONTROL.test(line)) return [];
    const column = indent(line);
    const isSplit = /^\s*\)/.test(line);
    const first = isSplit ? all.findLastIndex((l, at) => at < i && indent(l) === column && l.endsWith("(")) : i;
    const last = all.findIndex((l, at) => at > i && l.startsWith(`${column}}`));
    const length = last - first + 1;
    return length > limit ? [`${file}:${first + 1}: ${length}`] : [];
  });
}

describe("sizes", () => {
  test("no file is over 250 lines, no line wider than 120", () => {
    expect(longerThan(250, typescript)).toEqual([]);
    expect(grep(WIDE, [...typescript, ...files.filter((file) => /\.(c|h|sh|mjs)$/.test(file))])).toEqual([]);
  });

  test("no function is over 60 lines", () => {
    expect(sources.flatMap((file) => longFunctions(file, 60))).toEqual([]);
  });

  test("the native shim is at most 945 lines of C, a file 200, and the helper of the service has one file", () => {
    const c = files.filter((file) => /^native-shim\/.*\.[ch]$/.test(file));
    const shim = c.filter((file) => file.startsWith("native-shim/src/"));
    expect(longerThan(200, c)).toEqual([]);
    expect(shim.reduce((sum, file) => sum + lines(file), 0)).toBeLessThanOrEqual(945);
    expect(c.filter((file) => !shim.includes(file))).toEqual(["native-shim/helper/hsflowd-namespaces.c"]);
  });
});

describe("text", () => {
  test("a file begins with a comment that says what it is", () => {
    const kinds = /\.(ts|mjs|c|h)$/;
    expect(files.filter((file) => kinds.test(file) && !/^(#!.*\n)?(\/\/|\/\*) ?\S/.test(text.get(file) ?? ""))).toEqual(
      [],
    );
  });

  test("no file has a module-level `let` or a default export", () => {
    expect(grep(/^(export )?(let|var) /, sources)).toEqual([]);
    expect(grep(/^export default/, sources)).toEqual([]);
  });

  test("no file has any, mocks, skipped tests or TODO", () => {
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

  test("no file names the machine where it was written, or a package mirror", () => {
    const here = files.filter((file) => file !== "test/architecture.test.ts");
    expect(grep(/(^|[\s"'`(=])\/(work|home|Users)\/\w/, here)).toEqual([]);
    expect(grep(/"resolved":|registry\.\w+\.\w+|_authToken/, here)).toEqual([]);
  });
});
