// POSIX patterns match the same names as in hsflowd: the expected results come from regcomp(3) and regexec(3) of glibc.
// No pattern takes long.

import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { PosixRegex } from "../../agent/config/posix-regex.ts";

const matches: [pattern: string, name: string, expected: boolean][] = [
  ["et.*", "veth0", true],
  ["^et.*", "veth0", false],
  ["ETH", "eth0", false],
  ["^swp[0-9s]+$", "swp1s3", true],
  ["^swp[0-9s]+$", "swp1.100", false],
  ["^eth[[:digit:]]+$", "eth17", true],
  ["^eth[[:digit:]]+$", "ethx", false],
  ["^[^[:digit:]]+$", "eth", true],
  ["^[[:alpha:]_-]+$", "a_-b", true],
  ["^[]a]+$", "]a", true],
  ["^[^]a]+$", "]", false],
  ["^[a\\]+$", "\\a", true],
  ["^[[.-.]0-9]+$", "1-2", true],
  ["^[[=e=]]$", "e", true],
  ["vif[^0-9]*([0-9]+)\\.([0-9]+)$", "vif12.0", true],
  ["^e[0-9]+-[0-9]+-[0-9]+$", "e101-001-0", true],
  ["^(eth|ens)[0-9]{1,2}$", "ens33", true],
  ["^(eth|ens)[0-9]{1,2}$", "ens333", false],
  ["^a{,2}$", "aa", true],
  ["^a{2,}$", "a", false],
  ["^(ab)\\1$", "abab", true],
  ["^a+?$", "", true],
  ["^a+?b", "aaab", true],
  ["^a**$", "aaa", true],
  ["a)$", "a)", true],
  ["^a\\.b$", "axb", false],
  ["^\\d$", "d", true],
  ["\\<eth\\>", "x eth y", true],
  ["^()$", "", true],
  ["", "eth0", true],
  ["a|", "b", true],
  ["^(a|b)\\1$", "ab", false],
  ["^(a|b)*\\1$", "abb", true],
  ["^(a*)\\1$", "aaaa", true],
  ["^(a*)\\1$", "aaa", false],
  ["^((a)|b)\\1$", "bb", true],
  ["^(.?){40}$", "aaaaaaaaaaaaaaa", true],
  ["^(a{2}){2,3}$", "aaaaaa", true],
  ["^(a{2}){2,3}$", "aaaaa", false],
  ["^(a?){2,}b$", "aab", true],
  ["^(a|ab)(c|bcd)$", "abcd", true],
  ["^[^-]+-[^-]+$", "a-b", true],
  ["\\bth\\b", "e-th-0", true],
  ["\\Bth", "eth0", true],
  ["\\<th", "eth0", false],
  ["^\\w+\\W\\w+$", "eth.0", true],
  ["\\`eth\\'", "eth", true],
  ["a$b", "a$b", false],
  ["^é+$", "éé", true],
];

const broken: [pattern: string, reason: string][] = [
  ["*", '"*" has nothing to repeat'],
  ["a|*", '"*" has nothing to repeat'],
  ["(+a)", '"+" has nothing to repeat'],
  ["(?:a)", '"?" has nothing to repeat'],
  ["(a", '"(" is never closed'],
  ["[a", '"[" is never closed'],
  ["[[:number:]]", "unknown class [:number:]"],
  ["[z-a]", "the range z-a is empty"],
  ["a{2", '"{" needs a count such as {2} or {1,3}'],
  ["a{3,1}", "{3,1} has its minimum above its maximum"],
  ["a\\", "the pattern ends in a backslash"],
  ["(a)\\2", "\\2 refers to a group that does not exist"],
  ["(a\\1)", "\\1 refers to a group that does not exist"],
  ["(a)|\\1", "\\1 refers to a group that does not exist"],
  ["^*", '"*" has nothing to repeat'],
  ["a\\b+", '"+" has nothing to repeat'],
  ["a{40000}", "{40000} repeats more than 32767 times"],
  ["(a)(b)\\1\\2", "references to more than one group are not supported"],
  ["a".repeat(255), "the pattern has more than 254 characters"],
];

describe("PosixRegex", () => {
  it.each(matches)("matches %s against %s: %s", (pattern, name, expected) => {
    expect(new PosixRegex(pattern).test(name)).toBe(expected);
  });

  it.each(broken)("rejects %s: %s", (pattern, reason) => {
    expect(() => new PosixRegex(pattern)).toThrow(new SyntaxError(reason));
  });

  it.each([
    "(.?){40}x",
    "(.?){32767}x",
    "((((((((((a*)*)*)*)*)*)*)*)*)*)*x",
    "(a|a|a|a|a|a)".repeat(19),
    `${".*".repeat(120)}x`,
    `${"a?".repeat(120)}x`,
    `${"(.{0,9}){2,9}".repeat(19)}x`,
    `${"((a?){9})*".repeat(25)}x`,
    "(a*)*(b|a)*(a|aa)+$x",
    "([a-z]+)*([a-z]+)*([a-z]+)*[0-9]x",
    "(.*)(.*)(.*)(.*)\\1x",
  ])("decides %s at once", (pattern) => {
    const regex = new PosixRegex(pattern);
    const began = process.cpuUsage();
    for (const name of ["aaaaaaaaaaaaaaa", "eth0", "ababababababab"]) regex.test(name);
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1000).toBeLessThan(1000);
  });

  it("equals another of the same text, so that a reload leaves its block alone", () => {
    expect(isDeepStrictEqual(new PosixRegex("^eth"), new PosixRegex("^eth"))).toBe(true);
    expect(isDeepStrictEqual(new PosixRegex("^eth"), new PosixRegex("^en"))).toBe(false);
  });
});
