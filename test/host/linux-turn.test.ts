// Processes act in turn on a folder. Each call opens the folder itself, as another process would.

import { mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { inTurn } from "../../agent/host/linux-turn.ts";
import { loadShim } from "../../native-shim/load.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hsflowd-turn-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

it("calls one action after the other, also after a failure", async () => {
  let inside = 0;
  const act = (fails: boolean) =>
    inTurn(folder, async () => {
      inside++;
      await pause(5);
      expect(inside--).toBe(1);
      if (fails) throw new Error("no");
      return "done";
    });
  const all = await Promise.allSettled([act(false), act(true), act(false), act(false)]);
  expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
});

it("acts after a second even if a stranger keeps the folder locked", async () => {
  const shim = loadShim();
  const fd = openSync(folder, "r");
  expect(shim.lock(fd)).toBe(true);
  const began = performance.now();
  expect(await inTurn(folder, () => "done")).toBe("done");
  expect(performance.now() - began).toBeGreaterThan(900);
  shim.close(fd);
});

it("acts at once where there is no folder, so that the action reports it", async () => {
  expect(await inTurn(join(folder, "none"), () => "done")).toBe("done");
});
