// Translated POSIX patterns match the same names as in hsflowd.

import { describe, expect, it } from "vitest";
import { posixRegex } from "../../agent/config/posix-regex.ts";

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
];

describe("posixRegex", () => {
  it.each(matches)("matches %s against %s: %s", (pattern, name, expected) => {
    expect(posixRegex(pattern).test(name)).toBe(expected);
  });

  it.each(broken)("rejects %s: %s", (pattern, reason) => {
    expect(() => posixRegex(pattern)).toThrow(new SyntaxError(reason));
  });
});
