// Reports of uncaught errors: the log has the stack line by line, and the file of -c has all of it.

import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { crashReporter } from "../../agent/process/crash-file.ts";
import { makeLog } from "../fakes/log.ts";

it("appends each error to the log and to the file", () => {
  const folder = mkdtempSync(join(tmpdir(), "hsflowd-crash-"));
  const path = join(folder, "crash");
  const fd = openSync(path, "a");
  const log = makeLog();
  crashReporter(fd, log)(new TypeError("first"));
  crashReporter(fd, log)("second");
  closeSync(fd);
  const text = readFileSync(path, "utf8");
  rmSync(folder, { recursive: true });
  expect(log.lines[0]).toBe("error: TypeError: first");
  expect(log.lines[1]).toMatch(/^error: {5}at .*crash-file\.test\.ts/);
  expect(log.lines.at(-1)).toBe("error: second");
  expect(text).toMatch(/^\d{4}-.*Z process \d+\nTypeError: first\n {4}at [\s\S]*\n\n\d{4}-.* process \d+\nsecond\n\n$/);
});

it("writes only to the log if there is no crash file", () => {
  const log = makeLog();
  crashReporter(undefined, log)(new Error("x"));
  expect(log.lines[0]).toBe("error: Error: x");
});
