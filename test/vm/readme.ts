// The figures of the installed service in test/bench/README.md, which a test compares with its measurements.

import { readFileSync } from "node:fs";
import { expect } from "vitest";

const README = "test/bench/README.md";
const ROWS = {
  exposed: /`systemd-analyze security hsflowd` \| ([\d.]+) /,
  packed: /\| package \| ([\d.]+) MB/,
  installed: /\| installed \| ([\d.]+) MB/,
  "in memory": /\| resident memory \| ([\d.]+) MB/,
};

/** Measurements must be within this share of the figure on that page. */
export function expectInReadme(what: keyof typeof ROWS, measured: number, share: number): void {
  process.stdout.write(`    ${what}: ${measured.toFixed(1)}\n`);
  const said = Number(ROWS[what].exec(readFileSync(README, "utf8"))?.[1]);
  expect(Math.abs(measured - said) / said, `${what}: ${measured}, ${README} says ${said}`).toBeLessThanOrEqual(share);
}
