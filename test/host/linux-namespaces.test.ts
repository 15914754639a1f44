// Asking hsflowd-namespaces: its messages, a helper that was started again, and one that is missing or silent.

import { readlinkSync } from "node:fs";
import { constants } from "node:os";
import { expect, test } from "vitest";
import { Faults } from "../../agent/host/faults.ts";
import { NamespaceHelper } from "../../agent/host/linux-namespaces.ts";
import { makeShimError } from "../../native-shim/errno.ts";

type Outcome = keyof typeof constants.errno | { readonly error?: number; readonly text?: string; readonly fd?: number };

const failure = (code: keyof typeof constants.errno, call: string) => makeShimError(-constants.errno[code], call);
const REFUSAL = failure("EPERM", "setns");

/** A helper whose other end gives these outcomes, one an exchange. */
function bed(outcomes: Outcome[], connects: (keyof typeof constants.errno)[] = []) {
  const asked: (number | string | undefined)[][] = [];
  const closed: number[] = [];
  const time = { now: 0 };
  let opened = 100;
  const sockets = {
    socket: () => ++opened,
    connect() {
      const code = connects.shift();
      if (code !== undefined) throw failure(code, "connect");
    },
    exchange(fd: number, request: Uint8Array, answer: Uint8Array, _patience: number, passed?: number) {
      const target = passed === undefined ? undefined : readlinkSync(`/proc/self/fd/${passed}`);
      asked.push([fd, ...new Int32Array(request.buffer), target]);
      const outcome = outcomes.shift() ?? "ECONNRESET";
      if (typeof outcome === "string") throw failure(outcome, "recvmsg");
      answer.fill(0);
      new DataView(answer.buffer).setInt32(0, outcome.error ?? 0, true);
      answer.set(Buffer.from(outcome.text ?? ""), 4);
      return outcome.fd;
    },
    close: (fd: number) => void closed.push(fd),
  };
  const faults = new Faults(() => 0);
  const helper = new NamespaceHelper(
    () => sockets,
    faults,
    () => time.now,
  );
  const codes = () => faults.all.map(({ code, count }) => [code, count]);
  return { helper, asked, closed, time, codes };
}

test("returns the identity of a process's namespace, and asks about no other path", () => {
  const { helper, asked } = bed([{ text: "net:[4026531840]" }, { error: constants.errno.ENOENT }]);
  expect(helper.identify("/proc/12/ns/net")).toBe("net:[4026531840]");
  expect(helper.identify("/proc/13/ns/net")).toBeUndefined();
  expect(helper.identify("/proc/12/exe")).toBeUndefined();
  expect(helper.identify("/proc/self/ns/net")).toBeUndefined();
  expect(asked).toEqual([
    [101, 12, 0, 0, 0, undefined],
    [101, 13, 0, 0, 0, undefined],
  ]);
});

test("opens a socket by a process or by an open namespace, and throws what the helper reports", () => {
  const { helper, asked } = bed([{ fd: 55 }, { fd: 56 }, { error: constants.errno.EINVAL }]);
  expect(helper.socket(2, 2, 0, "/proc/12/ns/net", REFUSAL)).toBe(55);
  expect(helper.socket(16, 3, 4, "/proc/self/ns/net", REFUSAL)).toBe(56);
  expect(() => helper.socket(2, 2, 0, "/dev/null", REFUSAL)).toThrow("EINVAL: invalid argument, socket in /dev/null");
  expect(() => helper.socket(2, 2, 0, "/no/such/namespace", REFUSAL)).toThrow("ENOENT");
  expect(asked).toEqual([
    [101, 12, 2, 2, 0, undefined],
    [101, 0, 16, 3, 4, readlinkSync("/proc/self/ns/net")],
    [101, 0, 2, 2, 0, "/dev/null"],
  ]);
});

test("connects again to a helper that was started again, without a fault", () => {
  const { helper, asked, closed, codes } = bed([{ text: "net:[1]" }, "EPIPE", { text: "net:[2]" }]);
  helper.identify("/proc/12/ns/net");
  expect(helper.identify("/proc/12/ns/net")).toBe("net:[2]");
  expect(asked.map(([fd]) => fd)).toEqual([101, 101, 102]);
  expect([closed, codes()]).toEqual([[101], []]);
});

test("counts a helper that is silent or gone as a fault, and asks it less and less often", () => {
  const { helper, asked, time, codes } = bed([{ text: "net:[1]" }, "ETIMEDOUT", { text: "net:[3]" }], []);
  helper.identify("/proc/12/ns/net");
  expect(() => helper.socket(2, 2, 0, "/proc/12/ns/net", REFUSAL)).toThrow(REFUSAL);
  expect(helper.identify("/proc/12/ns/net")).toBeUndefined();
  expect([asked.length, codes()]).toEqual([2, [["NO_HELPER", 1]]]);
  time.now = 500;
  expect(helper.identify("/proc/12/ns/net")).toBe("net:[3]");
  expect(helper.identify("/proc/12/ns/net")).toBeUndefined();
  expect(codes()).toEqual([["NO_HELPER", 2]]);
});

test("is missed only where it was, so a host without its socket, or another user, has no fault", () => {
  const { helper, time, codes } = bed([], ["ENOENT", "EACCES", "ECONNREFUSED"]);
  const codesAfter = (now: number) => {
    time.now = now;
    expect(helper.answers()).toBe(false);
    return codes();
  };
  expect([0, 500, 1_500].map(codesAfter)).toEqual([[], [], [["NO_HELPER", 1]]]);
});
