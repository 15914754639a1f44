// Numbers in a file mean what they mean in hsflowd, which reads them by strtol(3) and strtod(3). The expected values
// come from these functions of glibc.

import { describe, expect, it } from "vitest";
import { fraction, integer, range } from "../../agent/config/number.ts";
import { uuid } from "../../agent/config/uuid.ts";

const whole = integer({ help: "any", default: 0, min: 0, max: 4_294_967_295 });
const small = integer({ help: "small", default: 0, min: 0, max: 300 });
const probability = fraction({ help: "probability", default: 0 });
const speed = range({ help: "speed", default: undefined });
const identity = uuid({ help: "identity", default: undefined });

const BITS = 2 ** 32;

describe("a whole number", () => {
  it.each([
    ["30", 30],
    ["0x10", 16],
    ["0X1fK", 31_000],
    ["64k", 64_000],
    ["2G", 2_000_000_000],
  ])("%s is %d, without a warning", (text, value) => {
    expect(whole.read(text, 0, "")).toBe(value);
    expect(whole.note?.(text, "")).toBeUndefined();
  });

  it.each([
    ["30s", 30, 'because hsflowd ignores "s"'],
    ["6343,", 6343, 'because hsflowd ignores ","'],
    ["400:", 400, 'because hsflowd ignores ":"'],
    ["128B", 128, 'because hsflowd ignores "B"'],
    ["10Mbps", 10, 'because hsflowd ignores "Mbps"'],
    ["5-10", 5, 'because hsflowd ignores "-10"'],
    ["1e3", 1, 'because hsflowd ignores "e3"'],
    ["1T", 1, 'because hsflowd ignores "T"'],
    ["30sk", 30_000, 'because hsflowd ignores "s"'],
    ["1.5G", 1_000_000_000, 'because hsflowd ignores ".5"'],
    ["1,000", 1, 'because hsflowd ignores ",000"'],
    ["0x", 0, 'because hsflowd ignores "x"'],
    ["08", 0, "because a leading 0 makes it octal, which has no digit 8"],
    ["0178", 15, "because a leading 0 makes it octal, which has no digit 8"],
    ["5G", 5e9 % BITS, "because hsflowd keeps 32 bits of a number"],
    [String(BITS + 30), 30, "because hsflowd keeps 32 bits of a number"],
    ["9".repeat(30), BITS - 1, "because hsflowd keeps 32 bits of a number"],
  ])("%s is read as %d, and the warning says so", (text, value, because) => {
    expect(whole.read(text, 0, "")).toBe(value);
    const note = whole.note?.(text, "");
    expect(note).toMatchObject({ message: `"${text}" is read as ${value}, ${because}`, remedy: `write ${value}` });
    expect(whole.note?.(String(value), "")).toBeUndefined();
  });

  it("with a leading 0 is octal", () => {
    expect(whole.read("010", 0, "")).toBe(8);
    expect(whole.note?.("010", "")).toEqual({ message: "a leading 0 makes 010 octal, which is 8", remedy: "write 8" });
  });

  it.each([
    ["1,000", "1000"],
    ["12'500'000", "12500000"],
    ["1_000", "1000"],
    ["5OO", "500"],
    ["4OO0l", "40001"],
    ["2.5G", "2500000000"],
  ])("%s was probably meant as %s", (text, nearest) => {
    expect(whole.note?.(text, "")?.nearest).toBe(nearest);
  });

  it.each(["", "s30", "-1", ".5", "+5", "k", "301", "5m", "301s", "thirty"])("%j is not one from 0 to 300", (text) => {
    expect(() => small.read(text, 0, "")).toThrow("expected a whole number from 0 to 300");
  });
});

describe("a probability", () => {
  it.each([
    ["0.0025", 0.0025],
    [".5", 0.5],
    ["1e-3", 0.001],
    ["1.", 1],
    ["0x.8", 0.5],
    ["0x1p-3", 0.125],
  ])("%s is %d, without a warning", (text, value) => {
    expect(probability.read(text, 0, "")).toBe(value);
    expect(probability.note?.(text, "")).toBeUndefined();
  });

  it.each([
    ["0.001,", 0.001, '","', undefined],
    ["0.5%", 0.5, '"%"', "0.005"],
    ["0,5", 0, '",5"', undefined],
    ["1/400", 1, '"/400"', "0.0025"],
    ["0.25f", 0.25, '"f"', undefined],
    ["1e", 1, '"e"', undefined],
    ["0.0.5", 0, '".5"', undefined],
  ])("%s is read as %d, and the warning says so", (text, value, ignored, nearest) => {
    expect(probability.read(text, 0, "")).toBe(value);
    const message = `"${text}" is read as ${value}, because hsflowd ignores ${ignored}`;
    expect(probability.note?.(text, "")).toEqual({ message, remedy: `write ${value}`, ...(nearest && { nearest }) });
  });

  it.each([
    ["400", "0.0025"],
    ["25%", "0.25"],
    ["x", undefined],
    ["", undefined],
    ["-0.1", undefined],
  ])("%s is none; %s was probably meant", (text, nearest) => {
    expect(() => probability.read(text, 0, "")).toThrow(expect.objectContaining({ nearest }));
  });
});

describe("a range of speeds", () => {
  it.each([
    ["10G", 1e10, 1e10],
    ["1G-", 1e9, Number.POSITIVE_INFINITY],
    ["1G-1T", 1e9, 1e12],
    ["0-1P", 0, 1e15],
    ["100M-0", 1e8, 1e8],
  ])("%s is from %d to %d, without a warning", (text, from, to) => {
    expect(speed.read(text, undefined, "")).toEqual({ from, to });
    expect(speed.note?.(text, "")).toBeUndefined();
  });

  it.each([
    ["1G-10G,", "1000000000-10"],
    ["1Gb-", "1-"],
    ["1G-x", "1000000000"],
    ["10Gbps", "10"],
  ])("%s is read as %s, and the warning says so", (text, shown) => {
    const note = speed.note?.(text, "");
    expect(note?.message).toContain(`"${text}" is read as ${shown}, because hsflowd ignores `);
    expect(speed.read(shown, undefined, "")).toEqual(speed.read(text, undefined, ""));
    expect(note?.remedy).toBe(`write ${shown}`);
  });

  it("whose lower end comes last is accepted with a warning, as it matches nothing", () => {
    expect(speed.read("10G-1G", undefined, "")).toEqual({ from: 1e10, to: 1e9 });
    expect(speed.note?.("10G-1G", "")).toMatchObject({ nearest: "1G-10G" });
  });

  it.each(["", "-1G", "G", "fast"])("%j is none", (text) => {
    expect(() => speed.read(text, undefined, "")).toThrow("expected a range such as 1G, 1G- or 1G-40G");
  });
});

describe("a UUID", () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => i * 17);

  it.each([
    "00112233-4455-6677-8899-aabbccddeeff",
    "00112233445566778899AABBCCDDEEFF",
    "00:11:22:33:44.55.66.77-8899aabbccddeeff",
  ])("%s is read without a warning", (text) => {
    expect(identity.read(text, undefined, "")).toEqual(bytes);
    expect(identity.note?.(text, "")).toBeUndefined();
  });

  it.each(["00112233-4455-6677-8899-aabbccddeeff,", "0-11-22-33-44-55-66-77-88-99-aa-bb-cc-dd-ee-ff"])(
    "%s is read as hsflowd does, and the warning says so",
    (text) => {
      expect(identity.read(text, undefined, "")).toEqual(bytes);
      expect(identity.note?.(text, "")?.remedy).toBe("write 00112233-4455-6677-8899-aabbccddeeff");
    },
  );

  it.each(["", "0011", "00112233-4455-6677-8899-aabbccddee", "x0112233-4455-6677-8899-aabbccddeeff"])(
    "%j is none",
    (text) => {
      expect(() => identity.read(text, undefined, "")).toThrow("expected 16 bytes");
    },
  );
});
