// Parses /etc/resolv.conf as glibc does. See resolv.conf(5).

import { expect, it } from "vitest";
import { parseResolvConf } from "../../agent/dns/resolv-conf.ts";

it("has defaults without a file", () => {
  const defaults = { servers: ["127.0.0.1"], search: [], timeout: 5000, attempts: 2, onlyTcp: false };
  expect(parseResolvConf("")).toEqual(defaults);
});

it("reads three servers, the last search list and the options of all lines", () => {
  const text = `# nameserver 192.0.2.9
; nameserver 192.0.2.8
domain example.org
nameserver 192.0.2.1
nameserver\tfe80::1%eth0
search example.com. .lab.example.com
nameserver 2001:db8::1
nameserver 192.0.2.7
options timeout:2 rotate
options attempts:1 use-vc
`;
  expect(parseResolvConf(text)).toEqual({
    servers: ["192.0.2.1", "fe80::1%eth0", "2001:db8::1"],
    search: ["example.com", "lab.example.com"],
    timeout: 2000,
    attempts: 1,
    onlyTcp: true,
  });
});

it("limits times, and ignores values that are not numbers", () => {
  expect(parseResolvConf("options timeout:0 attempts:99")).toMatchObject({ timeout: 1000, attempts: 5 });
  expect(parseResolvConf("options timeout:9999 attempts:x")).toMatchObject({ timeout: 30_000, attempts: 2 });
});
