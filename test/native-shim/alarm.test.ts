// Alarms of the addon: when they call, and how they end.

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { loadShim } from "../../native-shim/load.ts";

const shim = loadShim();
const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("an alarm calls once each time it is set, at the last time, and never when cleared", async () => {
  let calls = 0;
  const alarm = shim.alarm(() => void calls++);
  alarm.set(1);
  await sleep(60);
  expect(calls).toBe(1);
  alarm.set(1);
  alarm.set(200);
  await sleep(60);
  expect(calls).toBe(1);
  alarm.clear();
  await sleep(200);
  expect(calls).toBe(1);
});

test("promises and ticks of a callback are run, and an exception is that of any callback", () => {
  const program = `
    const shim = require(${JSON.stringify(new URL("../../native-shim/build/shim.node", import.meta.url).pathname)});
    process.on("uncaughtException", ({ message }) => console.log(message));
    const ring = (milliseconds, callback) => shim.setTimer(shim.timer(callback), milliseconds);
    ring(1, () => Promise.resolve().then(() => console.log("promise")));
    ring(20, () => { throw new Error("boom"); });
    ring(40, () => process.exit(3));
    setTimeout(() => undefined, 5000);`;
  const run = (): string => execFileSync(process.execPath, ["--eval", program], { encoding: "utf8" });
  expect(run).toThrow(expect.objectContaining({ status: 3, stdout: "promise\nboom\n" }));
});

test("an alarm does not keep the process alive, nor a worker from ending", () => {
  const path = JSON.stringify(new URL("../../native-shim/build/shim.node", import.meta.url).pathname);
  const body = `const shim = require(${path}); shim.watch(() => {}); shim.setTimer(shim.timer(() => {}), 1e8);`;
  const program = `${body} new (require("worker_threads").Worker)(${JSON.stringify(body)}, { eval: true });`;
  execFileSync(process.execPath, ["--eval", program], { timeout: 10_000 });
});
