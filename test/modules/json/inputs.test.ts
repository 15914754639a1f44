// The inputs of json { } on this machine: a named pipe and a unix socket, with writers that come, go and break off.

import { execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeLinuxHost } from "../../../agent/host/linux.ts";
import { UnixInput } from "../../../agent/modules/json/datagram-input.ts";
import type { Fault } from "../../../agent/modules/json/fault.ts";
import type { Input } from "../../../agent/modules/json/input.ts";
import type { Intake } from "../../../agent/modules/json/intake.ts";
import { PipeInput } from "../../../agent/modules/json/pipe-input.ts";

const { sockets: shim, files } = makeLinuxHost();
let folder: string;
let input: Input | undefined;
const seen: string[] = [];
const intake = {
  take: (bytes: Uint8Array) => void seen.push(Buffer.from(bytes).toString()),
  refuse: ({ kind }: Fault) => void seen.push(kind),
} as unknown as Intake;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hsflowd-json-"));
  seen.length = 0;
});
afterEach(() => {
  input?.close();
  rmSync(folder, { recursive: true });
});

async function untilSeen(...messages: readonly string[]): Promise<void> {
  for (let i = 0; i < 200 && seen.length < messages.length; i++) await sleep(10);
  expect(seen).toEqual(messages);
}

function openPipe(name = "pipe"): string {
  const path = join(folder, name);
  execFileSync("mkfifo", [path]);
  input = new PipeInput(path, { shim, files, intake });
  input.open();
  return path;
}

const echo = (text: string, path: string) => execFileSync("sh", ["-c", `printf '%s' '${text}' > ${path}`]);

describe("a named pipe", () => {
  test("takes messages of one writer after another, and of several at once", async () => {
    const path = openPipe();
    for (const i of [1, 2, 3]) echo(`{"a":${i}}`, path);
    await untilSeen('{"a":1}', '{"a":2}', '{"a":3}');
    const [first, second] = [openSync(path, "w"), openSync(path, "w")];
    writeSync(first, '{"b":1}\n');
    writeSync(second, '{"b":2}\n');
    closeSync(first);
    writeSync(second, '{"b":3}\n');
    closeSync(second);
    await untilSeen('{"a":1}', '{"a":2}', '{"a":3}', '{"b":1}', '{"b":2}', '{"b":3}');
  });

  test("reports a message that ends in its middle, and takes the next one", async () => {
    const path = openPipe();
    echo('{"a":{', path);
    await untilSeen("Cut");
    echo('{"a":1}', path);
    await untilSeen("Cut", '{"a":1}');
  });

  test("takes 10 MB without a newline as one message that is too long", async () => {
    const path = openPipe();
    const writer = spawn("sh", ["-c", `head -c 10000000 /dev/zero | tr '\\0' x > ${path}; echo '\n{"a":1}' > ${path}`]);
    await new Promise((resolve) => writer.once("exit", resolve));
    await untilSeen("TooLong", '{"a":1}');
  });

  test("costs no processor time after its last writer has gone", async () => {
    const path = openPipe();
    echo('{"a":1}', path);
    await untilSeen('{"a":1}');
    const before = process.cpuUsage();
    await sleep(300);
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(100_000);
  });

  test("is opened again where another one has its path", async () => {
    const path = openPipe();
    execFileSync("mkfifo", [`${path}.new`]);
    renameSync(`${path}.new`, path);
    input?.open();
    echo('{"a":1}', path);
    await untilSeen('{"a":1}');
  });

  test("is no other file", () => {
    const path = join(folder, "file");
    writeFileSync(path, "");
    expect(() => new PipeInput(path, { shim, files, intake }).open()).toThrow("is not a named pipe");
  });
});

describe("a unix socket", () => {
  const path = () => join(folder, "socket");
  const open = (): Input => {
    const made = new UnixInput(path(), files, { shim, intake });
    made.open();
    return made;
  };
  const SEND = "import socket, sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'{}', sys.argv[1])";

  test("takes messages of every user, and is removed at the end", async () => {
    input = open();
    expect(statSync(path()).mode & 0o777).toBe(0o666);
    execFileSync("python3", ["-c", SEND, path()]);
    await untilSeen("{}");
    input.close();
    expect(existsSync(path())).toBe(false);
  });

  test("replaces one that an ended process left, but neither one in use nor another file", () => {
    execFileSync("python3", ["-c", SEND.replace("sendto(b'{}', sys.argv[1])", "bind(sys.argv[1])"), path()]);
    input = open();
    expect(open).toThrow("EADDRINUSE");
    input.close();
    writeFileSync(path(), "precious");
    expect(open).toThrow("EADDRINUSE");
    expect(files.read(path())).toBe("precious");
  });

  test("is made again if its file was removed", async () => {
    input = open();
    rmSync(path());
    input.open();
    execFileSync("python3", ["-c", SEND, path()]);
    await untilSeen("{}");
  });
});
