// Datagrams and packets in hex digits, as tools and languages print them. test/fixtures/hex has what the tools printed
// for first.bin and second.bin, whose texts look like digits.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HexInput } from "../../../agent/commands/decode/hex-input.ts";
import { join } from "../../sflow/build.ts";
import { fromHex, toHex, vectors } from "../../sflow/vectors.ts";
import { pcap } from "./captures.ts";

const FIXTURES = new URL("../../fixtures/hex/", import.meta.url).pathname;
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(FIXTURES + name));
const both = [fixture("first.bin"), fixture("second.bin")].map(toHex);

/** Reads a text in pieces. Returns the datagrams, then the complaints. */
function read(text: string | Uint8Array, size = 1000): string[] {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const [datagrams, complaints]: [string[], string[]] = [[], []];
  const input = new HexInput(bytes.slice(0, 4), 6343, {
    take: (datagram, _, flaw) => {
      datagrams.push(toHex(datagram));
      if (flaw !== undefined) complaints.push(flaw);
    },
    report: (problem) => void complaints.push(problem),
    remark: (remark) => void complaints.push(remark),
  });
  for (let at = 0; at < bytes.length; at += size) input.push(bytes.slice(at, at + size));
  const nothing = input.end();
  return [...datagrams, ...complaints, ...(datagrams.length + complaints.length === 0 ? [nothing] : [])];
}

const tools = readdirSync(FIXTURES).filter((name) => name.endsWith(".txt"));

it("has the output of many tools to read", () => expect(tools.length).toBeGreaterThan(25));

describe.each(tools)("%s", (name) => {
  it("is read as the two datagrams that it shows", () => expect(read(fixture(name))).toEqual(both));

  it("is read in UTF-16, with line ends of Windows and a byte-order mark, in pieces of any size", () => {
    const text = `\ufeff${new TextDecoder().decode(fixture(name)).replaceAll("\n", "\r\n")}`;
    expect(read(text, 7)).toEqual(both);
    const wide = Buffer.from(text, "utf16le");
    expect(read(new Uint8Array(wide), 333)).toEqual(both);
    expect(read(new Uint8Array(wide.subarray(2)))).toEqual(both);
    expect(read(new Uint8Array(wide.swap16()))).toEqual(both);
  });
});

const digits = both[0] as string;
const pairs = digits.match(/../g) ?? [];
const [datagram = ""] = both;

describe("digits without offsets", () => {
  it.each([
    ["wrapped", digits.replace(/.{64}/g, "$&\n")],
    ["in one line", digits],
    ["in pairs", pairs.join(" ")],
    ["with dashes, in upper case", pairs.join("-").toUpperCase()],
    ["with colons", pairs.join(":")],
    ["in words", (digits.match(/.{1,8}/g) ?? []).join(" ")],
    ["with a prefix", `0x${digits}`],
    ["of a database", `\\x${digits}`],
    ["as escapes without quotes", pairs.map((pair) => `\\x${pair}`).join("")],
    ["with comments", `# first datagram\n${digits.replace(/.{64}/g, "$& # more\n")}  # end\n`],
  ])("may be %s", (_, text) => expect(read(text)).toEqual([datagram]));

  it("are one datagram a paragraph, a line, or as the lengths in them say", () => {
    expect(read(`${both[0]}\n\n${both[1]}`)).toEqual(both);
    expect(read(`${both[0]}\n${both[1]}\n`)).toEqual(both);
    expect(read(both.join("").replace(/.{60}/g, "$&\n"))).toEqual(both);
    const truncated = `${vectors.A.slice(0, 65)}\n`.repeat(2);
    expect(read(truncated).length).toBe(2);
  });

  it("are reported with their line where something else is among them", () => {
    expect(read(`${digits.slice(0, 64)}\n${digits.slice(64, 120)}xy\n`)).toEqual([
      digits.slice(0, 64),
      "line 2: not hex digits",
    ]);
    expect(read(digits.slice(1))).toEqual(["hex digits are incomplete before line 2"]);
  });
});

describe("a dump of packets", () => {
  const rows = (bytes: Uint8Array): string =>
    toHex(bytes)
      .replace(/.{1,32}/g, (row) => `${row.replace(/../g, "$& ")}\n`)
      .split("\n")
      .map((row, i) => (row === "" ? "" : `${(16 * i).toString(16).padStart(4, "0")}  ${row}`))
      .join("\n");
  const ip = (protocol: string, payload: Uint8Array, fragment = "0000"): Uint8Array =>
    join(
      fromHex(`4500${(20 + payload.length).toString(16).padStart(4, "0")}0007${fragment}40${protocol}0000`),
      fromHex("c0000201c0000202"),
      payload,
    );
  const udp = (payload: Uint8Array, port = "18c7", length = payload.length + 8): Uint8Array =>
    join(fromHex(`9c40${port}${length.toString(16).padStart(4, "0")}0000`), payload);
  const first = fixture("first.bin");

  it.each([
    ["Ethernet", `${"02".repeat(12)}0800`],
    ["a VLAN", `${"02".repeat(12)}810000640800`],
    ["a cooked header", `00000001000602000000000a00000800`],
    ["a cooked header, version 2, and a VLAN", "810000000000000200010306020000000001000000640800"],
    ["IP", ""],
    ["the loopback of BSD", "02000000"],
    ["PPP", "ff030021"],
  ])("finds the datagram behind %s", (_, header) => {
    expect(read(rows(join(fromHex(header), ip("11", udp(first)))))).toEqual([datagram]);
  });

  it("finds it behind UDP alone, and in a whole capture", () => {
    expect(read(rows(udp(first)))).toEqual([datagram]);
    expect(read(rows(pcap([join(fromHex(`${"02".repeat(12)}0800`), ip("11", udp(first)))])))).toEqual([datagram]);
  });

  it("joins fragments, and leaves out what tshark has joined", () => {
    const payload = udp(first);
    const [one, two] = [ip("11", payload.slice(0, 64), "2000"), ip("11", payload.slice(64), "0008")];
    const text = `${rows(one)}\nFrame (300 bytes):\n${rows(two)}Reassembled IPv4 (332 bytes):\n${rows(payload)}`;
    expect(read(text)).toEqual([datagram]);
  });

  it("says that a packet was cut, or is of another port", () => {
    const cut = ip("11", udp(first)).slice(0, 200);
    expect(read(rows(cut))).toEqual([datagram.slice(0, 344), "152 bytes are missing: the packet ends before"]);
    expect(read(rows(ip("11", udp(first, "0035"))))).toEqual([
      "no packet of UDP port 6343: choose another port with --port",
    ]);
  });

  it("ends where an offset does not follow the one before", () => {
    const text = `${rows(ip("11", udp(first)))}${rows(ip("11", udp(first)))}`;
    expect(read(text)).toEqual([datagram, datagram]);
    expect(read(rows(first).replace(/^0030.*\n/m, "")).length).toBeGreaterThan(0);
  });
});

it("rejects text that has no bytes in it", () => {
  const nothing = "not a pcap file, a datagram or hex digits";
  for (const text of ["hello", "000", "(12, 13)", "a (\nb\n", '{ "a": [1, 2] }', "face\n\nadd 12\n"])
    expect(read(text)).toEqual([nothing]);
  expect(() => read("x\0y")).toThrow(nothing);
});
