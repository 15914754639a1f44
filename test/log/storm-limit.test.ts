// The log of a storm of changes: it begins with every line, then grows slowly, and counts what is missing.

import { expect, it } from "vitest";
import type { Severity } from "../../agent/log/make-logger.ts";
import { StormLimit } from "../../agent/log/storm-limit.ts";
import { plainText } from "../../agent/text/printable.ts";
import { makeFakeClock } from "../fakes/clock.ts";

function begin() {
  const lines: string[] = [];
  const clock = makeFakeClock();
  const limit = new StormLimit((severity, line) => lines.push(`${severity}: ${line}`), clock);
  const sink = (severity: Severity, line: string) => limit.write(severity, plainText(line));
  /** Logs `count` lines, one each `milliseconds`. */
  const storm = (count: number, milliseconds: number, severity: Severity = "info", part = "pcap: ") => {
    for (let i = 0; i < count; i++) {
      sink(severity, `${part}eth${i}: sampled`);
      clock.advance(milliseconds / 1000);
    }
  };
  return { lines, clock, limit, sink, storm };
}

it("has all lines of a start with 250 interfaces", () => {
  const { lines, storm } = begin();
  storm(250, 0);
  expect(lines).toHaveLength(250);
});

it("grows by five lines a second in a storm, and counts every other line", () => {
  const { lines, clock, storm } = begin();
  storm(10_000, 2);
  clock.advance(10);
  const counts = lines.flatMap((line) => /^info: pcap: (\d+) more lines were left out$/.exec(line)?.[1] ?? []);
  expect(lines.length).toBeLessThan(250 + 20 * 5 + 5);
  expect(lines.length - counts.length + counts.reduce((sum, count) => sum + Number(count), 0)).toBe(10_000);
  storm(1, 0);
  expect(lines.at(-1)).toBe("info: pcap: eth0: sampled");
});

it("limits each part and each severity by itself, lines of no part together, and no debug messages", () => {
  const { lines, sink, storm } = begin();
  storm(1000, 0);
  sink("warning", "pcap: eth0 cannot be sampled");
  sink("info", "docker: following");
  expect(lines.slice(250)).toEqual(["warning: pcap: eth0 cannot be sampled", "info: docker: following"]);
  for (let i = 0; i < 1000; i++) sink("info", `/etc/${i}.conf: reloaded`);
  expect(lines).toHaveLength(502);
  storm(1000, 0, "debug");
  expect(lines).toHaveLength(1502);
});

it("counts at the end of the process what was not counted before", () => {
  const { lines, limit, clock, storm } = begin();
  storm(260, 0);
  limit.flush();
  expect(lines.slice(250)).toEqual(["info: pcap: 10 more lines were left out"]);
  clock.advance(20);
  limit.flush();
  expect(lines).toHaveLength(251);
});
