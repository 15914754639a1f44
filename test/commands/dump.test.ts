// `hsflowd check --dump` prints every setting with its origin. The output is a valid configuration.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dump } from "../../agent/commands/dump.ts";
import { modules } from "../../agent/modules/index.ts";
import { readConfiguration } from "../../agent/run/configuration.ts";

const FILE = "/etc/hsflowd.conf";
const CONF = new URL("../fixtures/conf/", import.meta.url).pathname;

const SAMPLE = `sflow {
  sampling = 0x100
  sampling.10G = 5000
  sampling.1G = 1K
  agent.cidr = 10.0.0.0/8
  agent.cidr = !172.17.0.0/16
  DNSSD_domain = .example.net
  collector { ip = 10.0.0.1 }
  pcap {
    dev.pattern = "^(eth|en)[0-9]{1,2}$" promisc = ON
  }
  dns-sd { }
}
`;

describe("dump", () => {
  it("shows each value as parsed, with its line or as a default", () => {
    const { text, problem } = dump(FILE, SAMPLE, "text");
    for (const line of [
      /^# all settings of \/etc\/hsflowd\.conf$/m,
      /^ {2}polling = 30 +# default$/m,
      /^ {2}sampling = 256 +# line 2$/m,
      /^ {2}sampling\.10G = 5000 +# line 3$/m,
      /^ {2}sampling\.1G = 1K +# line 4$/m,
      /^ {2}agent\.cidr = !172\.17\.0\.0\/16 +# line 6$/m,
      /^ {2}# agentIP +# not given$/m,
      /^ {4}udpport = 6343 +# default$/m,
      /^ {4}dev\.pattern = "\^\(eth\|en\)\[0-9\]\{1,2\}\$" +# line 10$/m,
      /^ {4}promisc = on +# line 10$/m,
      /^ {4}domain = \.example\.net +# line 7$/m,
    ]) {
      expect(text).toMatch(line);
    }
    expect(problem).toContain("is an older form");
  });

  it("prints the same as a tree for --format json", () => {
    const { configuration } = JSON.parse(dump(FILE, SAMPLE, "json").text);
    expect(configuration.settings).toContainEqual({ key: "sampling", value: "256", line: 2 });
    expect(configuration.settings).toContainEqual({ key: "headerBytes", value: "128" });
    expect(configuration.blocks[0]).toMatchObject({ keyword: "collector", line: 8 });
  });

  it("prints the same as `hsflowd check` for a file that is invalid or unreadable", () => {
    expect(dump(FILE, "sflow {", "text")).toMatchObject({ exitCode: 1, text: expect.stringContaining("no collector") });
    expect(dump(FILE, undefined, "json")).toMatchObject({ exitCode: 1 });
  });

  it("prints a configuration with the same values, for every fixture", () => {
    const texts = readdirSync(CONF, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".conf"))
      .map((name) => readFileSync(`${CONF}${name}`, "utf8"));
    const valid = [SAMPLE, ...texts].filter((text) => readConfiguration(text, modules).configuration !== undefined);
    expect(valid.length).toBeGreaterThan(1);
    for (const text of valid) {
      const again = readConfiguration(dump(FILE, text, "text").text, modules);
      const before = readConfiguration(text, modules).configuration;
      expect(again.configuration?.blocks).toEqual(before?.blocks);
      expect({ ...again.configuration?.sflow, ...OLD }).toEqual({ ...before?.sflow, ...OLD });
    }
  });
});

/** Keys of older files, which the output has in the blocks where they belong now. */
const OLD = {
  DNSSD: false,
  DNSSD_domain: undefined,
  "xen.update.dominfo": undefined,
  "xen.dsk": undefined,
  ulogGroup: undefined,
  ulogProbability: undefined,
  nflogGroup: undefined,
  nflogProbability: undefined,
  jsonPort: undefined,
  jsonFIFO: undefined,
};
