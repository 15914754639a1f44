// The reference: one plain sendto of a full datagram to the same collector by the same path, in C, one system call
// each.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../e2e/command.ts";
import type { Bed } from "./bed.ts";

const COUNT = 100_000;
const RUNS = 5;
const DATAGRAM_BYTES = 1350;

/**
 * Microseconds of processor time a call, user and system: the best of some runs, because other work on the machine
 * only adds to it.
 */
export async function benchPlainSendto(bed: Bed): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "sendto-"));
  const program = join(folder, "sendto");
  run("cc", "-O2", "-Wall", "-Wextra", "-o", program, "test/bench/sendto.c");
  const collector = await bed.collector();
  const once = () => Number(bed.host.run(program, "127.0.0.1", `${collector.port}`, `${COUNT}`, `${DATAGRAM_BYTES}`));
  const cost = Math.min(...Array.from({ length: RUNS }, once));
  await collector.stop();
  rmSync(folder, { recursive: true });
  return cost;
}
