// Lines on a pipe or a socket whose reader stalls.

import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { standardStream } from "../../agent/process/standard-stream.ts";
import { inetAddress } from "../../agent/sockets/socket-address.ts";
import { AF_INET, SOCK_DGRAM } from "../../agent/sockets/socket-constants.ts";
import { loadShim } from "../../native-shim/load.ts";

const shim = loadShim();

/** Opens a named pipe for reading and writing. `read` returns what waits in it. */
function openPipe() {
  const path = join(tmpdir(), `hsflowd-pipe-${process.pid}`);
  execFileSync("mkfifo", [path]);
  const fd = openSync(path, constants.O_RDWR);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  rmSync(path);
  const read = (): string => {
    const buffer = Buffer.alloc(1 << 20);
    return buffer.toString("utf8", 0, readSync(reader, buffer));
  };
  return { fd, read, close: () => [fd, reader].forEach(closeSync) };
}

test("drops lines while no one reads the pipe, and says how many when someone does", () => {
  const { fd, read, close } = openPipe();
  const write = standardStream(fd, "warning: ", () => shim);
  for (let i = 0; i < 2000; i++) write(`line ${i} ${"x".repeat(90)}\n`);
  const passed = read();
  write("afterwards\n");
  const all = (passed + read()).trimEnd().split("\n");
  const dropped = all.map((line) => Number(/^warning: (\d+) lines of the log were dropped: /.exec(line)?.[1] ?? 0));
  expect(all.filter((line) => line.startsWith("line ")).length).toBeGreaterThan(10);
  expect(dropped.reduce((sum, count) => sum + (count === 0 ? 1 : count), 0)).toBe(2001);
  expect(all.at(-1)).toBe("afterwards");
  close();
});

test("writes to a socket, and drops lines that it refuses", () => {
  const [from, to] = [shim.socket(AF_INET, SOCK_DGRAM, 0), shim.socket(AF_INET, SOCK_DGRAM, 0)];
  shim.bind(to, inetAddress(Uint8Array.of(127, 0, 0, 1), 0));
  const write = standardStream(from, "<4>", () => shim);
  write("not connected\n");
  shim.connect(from, shim.name(to));
  write("connected\n");
  const bytes = Buffer.alloc(200);
  const texts = [0, 1].map(() => bytes.toString("utf8", 0, readSync(to, bytes)));
  expect(texts).toEqual(["<4>1 lines of the log were dropped: its reader did not read them\n", "connected\n"]);
  for (const fd of [from, to]) shim.close(fd);
});
