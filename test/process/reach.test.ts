// Folders and files that keep a user out, and that the commands named for them let the user in.

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { barsOf, commandsFor, noteChain } from "../../agent/process/reach.ts";

const NOBODY = { uid: 65534, gid: 65534 };
const isRoot = process.getuid?.() === 0;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reach-test-"));
  chmodSync(folder, 0o755);
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Makes folders with these modes inside each other, and a file in the last one. */
function nest(modes: readonly number[], fileMode: number): string {
  const folders = modes.map((_, i) => join(folder, ...modes.slice(0, i + 1).map((mode) => `d ${mode.toString(8)}`)));
  const file = join(folders.at(-1) ?? folder, "file");
  if (folders.length > 0) mkdirSync(folders.at(-1) ?? "", { recursive: true });
  writeFileSync(file, "x");
  chmodSync(file, fileMode);
  folders.forEach((path, i) => {
    chmodSync(path, modes[i] ?? 0);
  });
  return file;
}

const readAsNobody = (file: string) =>
  spawnSync("cat", [file], { uid: NOBODY.uid, gid: NOBODY.gid, encoding: "utf8" }).stdout === "x";

test.each([
  { modes: [], file: 0o644, commands: 0 },
  { modes: [0o755, 0o711], file: 0o644, commands: 0 },
  { modes: [0o700], file: 0o644, commands: 1 },
  { modes: [0o700, 0o755, 0o750], file: 0o644, commands: 2 },
  { modes: [0o744], file: 0o600, commands: 3 },
])("what keeps a user out is named, and the commands let the user in: %o", ({ modes, file: mode, commands }) => {
  const file = nest(modes, mode);
  const chain = noteChain(file);
  expect(commandsFor(chain, NOBODY)).toHaveLength(commands);
  expect(barsOf(chain, NOBODY)).toHaveLength(modes.filter((each) => (each & 1) === 0).length);
  // Only root can become another user.
  if (!isRoot) return;
  expect(readAsNobody(file)).toBe(commands === 0);
  execFileSync("sh", ["-c", commandsFor(chain, NOBODY).join("; ")]);
  expect(readAsNobody(file)).toBe(true);
});

test("a link leads into a folder that is closed, and the group of the user counts before others", () => {
  const file = nest([0o701], 0o644);
  const link = join(folder, "link");
  symlinkSync(file, link);
  const [owner, group] = [process.getuid?.() ?? -1, process.getgid?.() ?? -1];
  expect(commandsFor(noteChain(link), NOBODY)).toEqual([]);
  expect(commandsFor(noteChain(link), { uid: owner + 1, gid: group })[0]).toMatch(/^chmod g\+x '.*d 701'$/);
  expect(commandsFor(noteChain(link), { uid: owner, gid: group })).toEqual([]);
});

test("a file that does not exist needs no more than its folders", () => {
  expect(commandsFor(noteChain(join(folder, "none")), NOBODY)).toEqual([]);
});
