// `hsflowd check` of standard input, and of files that cannot be read. errno(3)

import { writeFileSync } from "node:fs";
import { expect } from "vitest";
import { inOpenCopy } from "./agent.ts";
import { tryRun } from "./command.ts";
import { test } from "./fixture.ts";

const shell = (script: string) => tryRun("sh", "-c", `node=${process.execPath}; ${script}`);
const CHECK = '"$node" dist/hsflowd.js check';

test("reads standard input from a pipe and from a file", ({ folder }) => {
  const file = folder.file("valid.conf");
  writeFileSync(file, "sflow {\n  collector { ip = 192.0.2.1 }\n  pcap { dev = eth0 }\n}\n");
  expect(shell(`cat ${file} | ${CHECK} -`)).toMatchObject({ stdout: "-: no errors\n", status: 0 });
  expect(shell(`${CHECK} --dump - <${file}`).stdout).toContain("ip = 192.0.2.1");
  expect(shell(`echo 'sflow { }' | ${CHECK} -`)).toMatchObject({
    stdout: expect.stringContaining("-:1:1: error: no collector is configured"),
    status: 1,
  });
});

test("says why a file cannot be read", ({ folder }) => {
  const file = folder.file("secret.conf");
  writeFileSync(file, "sflow { }\n", { mode: 0o600 });
  const nobody = ["setpriv", "--reuid=65534", "--clear-groups", ...inOpenCopy(folder)].join(" ");
  const said = (path: string, before = "") => shell(`${before} ${CHECK} ${path}`).stdout;
  expect(said(folder.path)).toBe(`${folder.path}: error: is a directory\n`);
  expect(said(`${file}.missing`)).toBe(`${file}.missing: error: no such file\n`);
  expect(said(file, nobody)).toBe(`${file}: error: permission denied\n`);
});
