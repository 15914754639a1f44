// The lines that loggers write, the sinks they write to, and the limit of repeated messages.

import { describe, expect, test } from "vitest";
import { makeGuard } from "../../agent/log/guard.ts";
import { Levels } from "../../agent/log/levels.ts";
import { limit } from "../../agent/log/limit.ts";
import { makeLogger, type Sink } from "../../agent/log/make-logger.ts";
import { foregroundSink } from "../../agent/log/stderr.ts";
import { journalSink, syslogSink } from "../../agent/log/syslog.ts";
import { plainText } from "../../agent/text/printable.ts";
import { makeFakeClock } from "../fakes/clock.ts";

function record(verbosity = 0) {
  const lines: string[] = [];
  const sink: Sink = (severity, line) => void lines.push(`${severity} ${line}`);
  return { lines, log: makeLogger(sink, () => verbosity) };
}

describe("logger", () => {
  test("prefixes a message with the names of the logger and its parents", () => {
    const { lines, log } = record();
    log.child("tcp").child("lookup").warn("no answer");
    log.info(() => "ready");
    expect(lines).toEqual(["warning tcp: lookup: no answer", "info ready"]);
  });

  test("logs debug messages only below its level, and does not compute the others", () => {
    const { lines, log } = record(3);
    log.debug(1, "one");
    log.debug(2, () => "two");
    log.debug(3, () => {
      throw new Error("computed");
    });
    expect(lines).toEqual(["debug one", "debug two"]);
  });

  test("keeps a message on one line of at most 4000 characters", () => {
    const { lines, log } = record();
    log.info("name\nerror: forged\u001b[2J");
    log.info("x".repeat(10_000));
    expect(lines[0]).toBe("info name\\u000aerror: forged\\u001b[2J");
    expect(lines[1]).toHaveLength(4005);
  });
});

describe("levels", () => {
  const logged = (levels: Levels, part?: string) =>
    ([1, 2, 3] as const).filter((level) => {
      const lines: string[] = [];
      const log = makeLogger(
        (_, line) => lines.push(line),
        (name) => levels.of(name),
      );
      (part === undefined ? log : log.child(part).child("inner")).debug(level, "x");
      return lines.length > 0;
    });

  test("are one less than the number of -d, plus one for each signal", () => {
    expect([0, 1, 2, 4].map((debug) => logged(new Levels(debug)).length)).toEqual([0, 0, 1, 3]);
    const levels = new Levels(0);
    expect(levels.raise()).toBe(1);
    expect(logged(levels)).toEqual([1]);
  });

  test("of a module come from the file, by its name here or in hsflowd", () => {
    const levels = new Levels(2);
    expect(levels.read("mod_docker=2\ndns-sd = 0 # quiet\n\n_root=3\nnonsense\ntcp=high\n")).toEqual([
      "nonsense",
      "tcp=high",
    ]);
    expect(logged(levels, "docker")).toEqual([1, 2]);
    expect(logged(levels, "dns-sd")).toEqual([]);
    expect(logged(levels)).toEqual([1, 2, 3]);
    expect(logged(levels, "pcap")).toEqual([1]);
    levels.read("");
    expect(logged(levels, "docker")).toEqual([1]);
  });
});

describe("sinks", () => {
  test("foreground: errors and warnings to stderr, the rest to stdout, without a time", () => {
    const [out, err]: [string[], string[]] = [[], []];
    const sink = foregroundSink(
      (text) => out.push(text),
      (text) => err.push(text),
    );
    sink("error", plainText("a"));
    sink("warning", plainText("b"));
    sink("info", plainText("c"));
    sink("debug", plainText("d"));
    expect(err).toEqual(["error: a\n", "warning: b\n"]);
    expect(out).toEqual(["c\n", "debug: d\n"]);
  });

  test("syslog: the format of RFC 3164 for /dev/log", () => {
    const written: string[] = [];
    const now = () => new Date(2026, 0, 5, 3, 4, 9);
    const sink = syslogSink({ ident: "hsflowd", pid: 42, now, write: (text) => written.push(text) });
    sink("error", plainText("no route"));
    sink("debug", plainText("x"));
    expect(written).toEqual(["<11>Jan  5 03:04:09 hsflowd[42]: no route", "<15>Jan  5 03:04:09 hsflowd[42]: x"]);
  });

  test("journal: the priority and the line", () => {
    const written: string[] = [];
    journalSink((text) => written.push(text))("warning", plainText("slow"));
    expect(written).toEqual(["<4>slow\n"]);
  });
});

describe("limit", () => {
  test("logs a message at once, then once a minute with the number of suppressed messages", () => {
    const { lines, log } = record();
    const clock = makeFakeClock();
    const limited = limit(log, clock);
    for (let second = 0; second < 130; second++) {
      limited.error("send 11", () => `second ${second}`);
      clock.advance(1);
    }
    expect(lines).toEqual([
      "error second 0",
      "error second 60 (59 more times since the last message)",
      "error second 120 (59 more times since the last message)",
    ]);
  });

  test("limits each key separately", () => {
    const { lines, log } = record();
    const limited = limit(log, makeFakeClock());
    limited.warn("a", "one");
    limited.warn("b", "two");
    limited.info("a", "three");
    expect(lines).toEqual(["warning one", "warning two"]);
  });

  test("forgets keys whose minute is over", () => {
    const { lines, log } = record();
    const clock = makeFakeClock();
    const limited = limit(log, clock);
    for (let i = 0; i < 1500; i++) limited.warn(`${i}`, "x");
    clock.advance(61);
    limited.warn("0", "again");
    expect(lines).toHaveLength(1501);
  });
});

describe("guard", () => {
  test("catches errors, counts them by callback, and logs them with their position", () => {
    const { lines, log } = record();
    const { guard, failed, failures } = makeGuard(limit(log, makeFakeClock()));
    const throwing = () => {
      throw new Error("broken");
    };
    expect(guard("counters 2:1", () => undefined)).toBe(true);
    expect(guard("counters 2:1", throwing)).toBe(false);
    expect(guard("counters 2:1", throwing)).toBe(false);
    failed("flow annotator", "text");
    expect([...failures]).toEqual([
      ["counters 2:1", 2],
      ["flow annotator", 1],
    ]);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^error counters 2:1: broken \(at .*log\.test\.ts/);
    expect(lines[1]).toBe("error flow annotator: text");
  });
});
