// `hsflowd check` on files as they are in use: exit code, and each problem in order.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { check } from "../../agent/commands/check.ts";
import { type Problem, quote } from "../../agent/config/error.ts";

const OLD = "is an older form of";
const COUNTERS = "1:1 warning: only counters are sent, no packet samples:";
const NO_BLOCK = `${COUNTERS} no block of the file samples packets; add pcap { dev=INTERFACE } to sflow { }`;

const FILES: Readonly<Record<string, readonly [exitCode: number, ...problems: string[]]>> = {
  "dns-sd-off-short": [0, NO_BLOCK, `2:3 warning: "DNSSD" ${OLD} dns-sd { }; remove it`],
  "number-with-unit": [0, NO_BLOCK, '2:13 warning: "30s" is read as 30, because hsflowd ignores "s"; write 30'],
  "number-with-comma": [0, NO_BLOCK, '3:40 warning: "6343," is read as 6343, because hsflowd ignores ","; write 6343'],
  "address-with-letter": [
    1,
    '2:20 error: bad value "192.0.2.1O" for ip; it has the letter O in place of the digit 0; did you mean "192.0.2.10"?',
  ],
  "nflog-keys-only": [
    0,
    NO_BLOCK,
    `2:3 warning: "DNSSD" ${OLD} dns-sd { }; remove it`,
    `5:3 warning: "nflogGroup" ${OLD} group in nflog { }, and has no effect without nflog { }; remove it`,
    `6:3 warning: "nflogProbability" ${OLD} probability in nflog { }, and has no effect without nflog { }; remove it`,
  ],
  "nflog-block": [
    0,
    `${COUNTERS} nflog { } is not implemented yet; add pcap { dev=INTERFACE } to sflow { }`,
    "3:3 warning: not implemented yet, ignored: nflog { }; everything else in this file works",
  ],
  "dns-sd-off-domain": [
    0,
    NO_BLOCK,
    `2:3 warning: "DNSSD" ${OLD} dns-sd { }; remove it`,
    `3:3 warning: "DNSSD_domain" ${OLD} domain in dns-sd { }, and has no effect without dns-sd { }; remove it`,
  ],
};

type Listed = Omit<Problem, "at"> & { readonly line: number; readonly column: number };

const shown = ({ line, column, severity, message, remedy, nearest }: Listed): string =>
  [
    `${line}:${column} ${severity}: ${message}`,
    ...(remedy === undefined ? [] : [remedy]),
    ...(nearest === undefined ? [] : [`did you mean ${quote(nearest)}?`]),
  ].join("; ");

it.each(Object.entries(FILES))("%s", (name, [code, ...expected]) => {
  const text = readFileSync(`test/fixtures/conf/${name}.conf`, "utf8");
  const answer = check(`${name}.conf`, text, "json");
  const { problems } = JSON.parse(answer.text) as { readonly problems: readonly Listed[] };
  expect(problems.map(shown)).toEqual(expected);
  expect(answer.exitCode).toBe(code);
});
