// Addresses of a file: which texts are addresses or host names, and what the error says about a text that is neither.

import { describe, expect, it } from "vitest";
import { address, cidrs } from "../../agent/config/address-option.ts";
import { ValueError } from "../../agent/config/option.ts";
import { docker } from "../../agent/modules/docker/config.ts";
import { sflowOptions } from "../../agent/settings/sflow-block.ts";

const host = address({ help: "host", default: undefined });
const prefix = cidrs({ help: "prefix", example: "10.0.0.0/8" });

function errorOf(read: () => unknown): ValueError {
  try {
    read();
  } catch (error) {
    if (error instanceof ValueError) return error;
    throw error;
  }
  throw new Error("it is accepted");
}

describe("an address or a host name", () => {
  it.each([
    "192.0.2.1",
    "0.0.0.1",
    "255.255.255.255",
    "2001:db8::1",
    "::1",
    "1:2:3:4:5:6:7:8",
    "64:ff9b::192.0.2.33",
    "fe80::1%eth0",
    "fe80::1%2",
    "collector",
    "collector.example.com",
    "collector.example.com.",
    "web_1",
    "3com.example",
    "10.0.0.1.nip.example",
    "1.2.0.192.in-addr.arpa",
    "ip-10-0-0-1",
    "lol.lil.ioi.ill",
    "deadbeef",
    "xn--bcher-kva.example",
  ])("%s is accepted without a warning", (text) => {
    expect(host.read(text, undefined, "")).toBe(text);
    expect(host.note?.(text, "")).toBeUndefined();
  });

  it.each([
    ["192-0-2-1", "192.0.2.1"],
    ["192_0_2_1", "192.0.2.1"],
    ["collector.1st", undefined],
    ["10.20.host", undefined],
    ["192.0.2.x", undefined],
  ])("%s is accepted as a host name, with a warning", (text, nearest) => {
    expect(host.read(text, undefined, "")).toBe(text);
    expect(host.note?.(text, "")?.message).toContain("read as a host name, although it looks like an address");
    expect(host.note?.(text, "")?.nearest).toBe(nearest);
  });

  it("in IPv6 that holds an IPv4 address gets a warning", () => {
    expect(host.read("::ffff:192.0.2.1", undefined, "")).toBe("::ffff:192.0.2.1");
    expect(host.note?.("::ffff:c000:201", "")).toMatchObject({ nearest: "192.0.2.1" });
  });

  it.each<[string, string, string?]>([
    ["192.0.2.1O", "the letter O in place of the digit 0", "192.0.2.10"],
    ["l92.0.2.1", "the letter l in place of the digit 1", "192.0.2.1"],
    ["192.O.2.1", "the letter O in place of the digit 0", "192.0.2.1"],
    ["2OO1:db8::1", "the letter O in place of the digit 0", "2001:db8::1"],
    ["192.000.002.001", "leading zeros", "192.0.2.1"],
    ["192.000.002.010", "padding in 192.0.2.10, and mean octal in 192.0.2.8"],
    ["192.000.002.080", "padding in 192.0.2.80", "192.0.2.80"],
    ["10.1", "an IPv4 address has 4 parts, not 2 (some programs read it as 10.0.0.1)", "10.0.0.1"],
    ["10.1.258", "some programs read it as 10.1.1.2", "10.1.1.2"],
    ["192.0.2", "not 3 (some programs read it as 192.0.0.2", "192.0.0.2"],
    ["3221225985", "some programs read it as 192.0.2.1", "192.0.2.1"],
    ["0x7f000001", "some programs read it as 127.0.0.1", "127.0.0.1"],
    ["0xc0.0.2.1", "a part is hexadecimal (some programs read it as 192.0.2.1)", "192.0.2.1"],
    ["192.0.2.256", "above 255"],
    ["192.0.2.1.5", "not 5"],
    ["4294967296", "not 1"],
    ["192.0.2.1x", '"1x" is not a number'],
    ["192.0.2.1%eth0", "an IPv4 address has no zone", "192.0.2.1"],
    ["fe80::1%", "the name of one interface"],
    ["fe80::1%a%b", "the name of one interface"],
    ["192.0.2.1:6343", "a port", "192.0.2.1"],
    ["collector.example:6343", "a port", "collector.example"],
    ["[2001:db8::1]", "brackets", "2001:db8::1"],
    ["[2001:db8::1]:6343", "brackets and a port", "2001:db8::1"],
    ["192.0.2.0/24", "a prefix length", "192.0.2.0"],
    ["2001:db8::/32", "a prefix length", "2001:db8::"],
    ["udp://192.0.2.1:6343/", "a scheme and a port", "192.0.2.1"],
    ["10.1:6343", "a port"],
    ["192.0.2.1,192.0.2.2", "a list"],
    ["192,0,2,1", "commas", "192.0.2.1"],
    ["2001:db8:::1", "three colons", "2001:db8::1"],
    ["2001::db8::1", '"::" may stand in an address only once'],
    ["2001:db8::g1", '"g1" is not a group'],
    ["2001:db8:12345::1", '"12345" is not a group'],
    ["1:2:3:4:5:6:7", "7 groups instead of 8"],
    ["1:2:3:4:5:6:7:8:9", "9 groups instead of 8"],
    ["1:2:3:4::5:6:7:8", '8 groups and "::"'],
    ["1:2:3:4:5:6:7:", "a single colon at one end"],
    ["::ffff:1.2.3", '"1.2.3" is not a group'],
    ["１９２.0.2.1", "U+FF11", "192.0.2.1"],
    ["192.0.2.1\u200b", "U+200B", "192.0.2.1"],
    ["192\u00b70\u00b72\u00b71", "U+00B7"],
  ])("%s is neither: %s", (text, reason, nearest) => {
    const error = errorOf(() => host.read(text, undefined, ""));
    expect(error.expected).toBe("an IPv4 address, an IPv6 address or a host name");
    expect(error.reason).toContain(reason);
    expect(error.nearest).toBe(nearest);
    if (nearest !== undefined) expect(host.read(nearest, undefined, "")).toBe(nearest);
  });

  it.each(["", "-x", "a..b", "a b", "x".repeat(64), `${"a.".repeat(130)}b`])("%j is neither", (text) => {
    expect(errorOf(() => host.read(text, undefined, "")).nearest).toBeUndefined();
  });

  it("as agentIP loses its zone, which has a meaning on this host only", () => {
    expect(sflowOptions.agentIP.read("fe80::1%eth0")).toBe("fe80::1");
  });

  it("of a Docker engine is checked like any other", () => {
    const { read } = docker.options.socket;
    const { default: before } = docker.options.socket;
    expect(errorOf(() => read("tcp://192.0.2.1O:2375", before, "")).nearest).toBe("tcp://192.0.2.10:2375");
    expect(errorOf(() => read("tcp://[::1::]:2375", before, "")).reason).toContain("only once");
    expect(read("tcp://[::1]:2375", before, "").port).toBe(2375);
  });
});

describe("a prefix", () => {
  const read = (text: string) => prefix.read(text, [], "")[0];

  it.each([
    ["10.0.0.0/8", 8, false],
    ["!172.16.0.0/12", 12, true],
    ["10.0.0.0/255.255.0.0", 16, false],
    ["2001:db8::/32", 32, false],
    ["2001:db8::/ffff:ffff::", 32, false],
    ["::/0", 0, false],
  ])("%s has %d bits", (text, prefixLength, exclude) => {
    expect(read(text)).toMatchObject({ prefixLength, exclude });
    expect(prefix.note?.(text, "")).toBeUndefined();
  });

  it.each([
    ["10.0.0.0/8,", "10.0.0.0/8"],
    ["!10.0.0.0/0x10", "!10.0.0.0/16"],
    ["10.0.0.0/010", "10.0.0.0/8"],
    ["10.0.0.0/x", "10.0.0.0/0"],
    ["10.0.0.0/", "10.0.0.0/0"],
  ])("%s is read as %s, as in hsflowd, and the warning says so", (text, shown) => {
    expect(read(text)).toEqual(read(shown));
    expect(prefix.note?.(text, "")).toMatchObject({ remedy: `write ${shown}` });
  });

  it.each<[string, string | undefined, string?]>([
    ["10.0.0.0", undefined, "10.0.0.0/32"],
    ["!2001:db8::1", undefined, "!2001:db8::1/128"],
    ["10.0.0.0/33", "above 32"],
    ["2001:db8::/129", "above 128"],
    ["10.0.0.0/255.0.255.0", "a one bit after a zero bit"],
    ["10.0.0.0/ffff::", "another family"],
    ["10.0.0.0/255.0", "not 2"],
    ["10.1/16", "not 2", "10.0.0.1/16"],
    ["010.0.0.0/8", "leading zeros"],
    ["10.0.0.O/8", "the letter O", "10.0.0.0/8"],
    ["10.0.0.0/8,192.168.0.0/16", "write the key again"],
    ["10.0.0.0,192.168.0.0", "a list"],
    ["fe80::1%eth0/64", "the name of one interface"],
    ["host.example/8", undefined],
    ["", undefined],
    ["/8", undefined],
  ])("%s is none: %s", (text, reason, nearest) => {
    const error = errorOf(() => read(text));
    expect(error.nearest).toBe(nearest);
    if (reason === undefined) expect(error.reason).toBeUndefined();
    else expect(error.reason).toContain(reason);
  });
});
