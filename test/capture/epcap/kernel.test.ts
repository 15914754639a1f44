// What is reported if the kernel refuses a program, and how many processors a tap counts for.

import { expect, test } from "vitest";
import { epcapError } from "../../../agent/capture/epcap/epcap-error.ts";
import { loadProgram, reasonIn } from "../../../agent/capture/epcap/kernel.ts";
import { processorsOf } from "../../../agent/capture/epcap/processors.ts";
import { makeShimError } from "../../../native-shim/errno.ts";
import { memoryFiles } from "../../fakes/files.ts";

const LOG =
  "0: R1=ctx() R10=fp0\n0: (79) r2 = *(u64 *)(r1 +0)\ninvalid bpf_context access off=0 size=8\nprocessed 1 insns\n";

test("the last line of the verifier's log that is no statistics is the reason", () => {
  expect(reasonIn(`${LOG}\0\0`)).toBe("invalid bpf_context access off=0 size=8");
  expect(reasonIn("\0\0")).toBeUndefined();
  expect(reasonIn("")).toBeUndefined();
});

test("a program that is refused is loaded again for the reason", () => {
  const levels: number[] = [];
  const bpf = (_command: number, attributes: Uint8Array, _program?: Uint8Array, log?: Uint8Array): never => {
    levels.push(attributes[24] as number);
    log?.set(new TextEncoder().encode(LOG));
    throw makeShimError(-22, "bpf");
  };
  const refused = () => loadProgram({ bpf }, new Uint8Array(8));
  expect(refused).toThrow(/EINVAL.*; the kernel refused the program: invalid bpf_context access off=0 size=8$/);
  expect(levels).toEqual([0, 1]);
});

test("a missing permission is reported with its remedy first", () => {
  const error = epcapError({ name: "eth0" }, makeShimError(-1, "bpf"));
  expect([error.code, error.message]).toEqual([
    "EPERM",
    "epcap: eth0: epcap needs CAP_BPF and CAP_NET_ADMIN; EPERM: operation not permitted, bpf",
  ]);
});

test("a tap has room for all processors that may be added", () => {
  const possible = (text: string) => processorsOf(memoryFiles({ "/sys/devices/system/cpu/possible": text }));
  expect(["0\n", "0-1\n", "0-2\n", "0-63\n", "0-3,8-11\n"].map(possible)).toEqual([1, 2, 4, 64, 16]);
  expect(processorsOf(memoryFiles({}))).toBe(8192);
});
