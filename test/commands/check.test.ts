// The output of `hsflowd check`: text for people and JSON for scripts.

import { describe, expect, it } from "vitest";
import { check } from "../../agent/commands/check.ts";

const FILE = "/etc/hsflowd.conf";

describe("check", () => {
  it("shows the place, the line and what was expected", () => {
    const { text, exitCode } = check(FILE, "sflow {\n\tcollector { ip=10.0.0.1 udport=6343 }\n}\n", "text");
    const [first, line, carets, advice] = text.split("\n");
    expect(first).toBe(`${FILE}:2:26: error: unknown key "udport" in collector { }`);
    expect(line).toBe("     2 |         collector { ip=10.0.0.1 udport=6343 }");
    expect(carets).toBe(`       | ${" ".repeat(8 + 24)}^^^^^^`);
    expect(advice).toBe(
      '       expected one of: ip, udpport, dev, namespace, samples, segmentation; did you mean "udpport"?',
    );
    expect(text).toContain(`${FILE}: 1 error`);
    expect(exitCode).toBe(1);
  });

  it("reports a valid file", () => {
    const text = "sflow { collector { ip=10.0.0.1 } }";
    expect(check(FILE, text, "json")).toEqual({ text: expect.stringContaining('"ok": true'), exitCode: 0 });
  });

  it("exits with 0 if there are only warnings", () => {
    const { text, exitCode } = check(FILE, "sflow { collector { ip=10.0.0.1 } loopback=on }", "text");
    expect(text).toContain('warning: "loopback" has no effect');
    expect(text).toMatch(/no errors, \d warnings?\n$/);
    expect(exitCode).toBe(0);
  });

  it("prints every problem with its place as JSON", () => {
    const { text } = check(FILE, "sflow {\n  polling = often\n}", "json");
    expect(JSON.parse(text)).toMatchObject({
      file: FILE,
      ok: false,
      problems: [
        { severity: "error", message: "no collector is configured" },
        { severity: "error", line: 2, column: 13, length: 5, expected: "a whole number from 0 to 300" },
      ],
    });
  });

  it("reports a missing file", () => {
    const text = `${FILE}: error: no such file\n`;
    expect(check(FILE, undefined, "text")).toEqual({ text, exitCode: 1 });
  });

  it("recognizes hsflowd.auto", () => {
    const { text } = check("/etc/hsflowd.auto", "rev_start=1\nhostname=vm\nsampling=400\nrev_end=1\n", "text");
    expect(text).toContain("this is hsflowd.auto, which the agent writes");
    expect(text).toContain("1 error\n");
  });

  it("escapes control characters of the file and cuts long lines", () => {
    const { text } = check(FILE, `sflow { \u001b[2Jpolling=20 ${"x".repeat(500)} }`, "text");
    expect(text).not.toContain("\u001b");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(400);
  });

  const WIDE = `sflow {
\t\tpcap { dev = eth* sampling = 400 ${" ".repeat(60)} dev = eth1,eth2 speed = 1G- sampling.xx = 7 }
  collector { ip = fe80::1 port = 6343 } tcp { tunnel = ${"on".repeat(60)} }
}`;

  it.each([100, 80, 72])("breaks lines for a terminal of %s columns, with carets below the mistake", (width) => {
    const lines = check("x.conf", WIDE, "text", undefined, width).text.trimEnd().split("\n");
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    const marked = lines.flatMap((line, i) => {
      const carets = line.indexOf("^");
      return /^ {7}\| +\^+$/.test(line) ? [lines[i - 1]?.slice(carets, line.length)] : [];
    });
    expect(marked).toEqual(expect.arrayContaining(["eth*", "eth1,eth2", "sampling.xx", "port"]));
    expect(lines.join("").replaceAll(/\s+/g, "")).toContain('didyoumean"dev.pattern=^(eth1|eth2)$"?');
  });
});
