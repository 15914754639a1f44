// Settings and collectors discovered at run time, applied on top of the file: which value is in force, and which
// settings are rejected.

import { describe, expect, it } from "vitest";
import { modules } from "../../agent/modules/index.ts";
import { type Configuration, readConfiguration } from "../../agent/run/configuration.ts";
import { acceptSettings, layOver } from "../../agent/run/overlay.ts";
import { makeSettings } from "../../agent/settings/settings.ts";

function read(text: string): Configuration {
  const { configuration } = readConfiguration(`sflow { ${text} }`, modules);
  if (configuration === undefined) throw new Error("the configuration of this test is invalid");
  return configuration;
}

const lay = (
  file: string,
  settings: readonly string[],
  collectors: { name: string; port: number; addresses: string[] }[] = [],
) => layOver(read(file), { "dns-sd": { settings, collectors } });

const sent = ({ blocks }: Configuration): string[] =>
  (blocks.get("collector") as { ip: string; udpport: number }[]).map(({ ip, udpport }) => `${ip}:${udpport}`);

describe("discovered settings", () => {
  it("override the file; keys that were not discovered keep the value of the file", () => {
    const { sflow } = lay("polling=10 headerBytes=64 dns-sd { }", ["polling=20", "sampling=500"]);
    expect(sflow).toMatchObject({ polling: 20, headerBytes: 64, sampling: 500 });
  });

  it("add named rates to those of the file, but replace any other list of the file", () => {
    const file = "sampling.1G=1000 sampling.10G=9 agent.cidr=10.0.0.0/8 dns-sd { }";
    const { sflow } = lay(file, ["sampling.10G=10000", "sampling.app=3", "agent.cidr=192.0.2.0/24"]);
    expect([...sflow["sampling.*"]]).toEqual([
      ["1G", 1000],
      ["10G", 10_000],
      ["app", 3],
    ]);
    expect(sflow["agent.cidr"]).toMatchObject([{ prefixLength: 24 }]);
  });

  it("leave the configuration object of the file unchanged", () => {
    const file = read("sampling.1G=1000 dns-sd { }");
    layOver(file, { "dns-sd": { settings: ["sampling.1G=5"], collectors: [] } });
    expect([...file.sflow["sampling.*"]]).toEqual([["1G", 1000]]);
    expect(layOver(file, {})).toBe(file);
  });

  it("are shown with the block that discovered them", () => {
    const { sflow, origins } = lay("dns-sd { }", ["Sampling.1G=500", "sampling=7"]);
    const rate = (speed: number) =>
      makeSettings(sflow, new Uint8Array(16), origins).samplingRate({ adminUp: true, speed });
    expect(rate(1e9)).toEqual({ rate: 500, why: "sampling.1G = 500 by dns-sd" });
    expect(rate(0)).toEqual({ rate: 7, why: "sampling = 7 by dns-sd, because the speed is unknown" });
  });
});

describe("discovered collectors", () => {
  const found = { name: "a.example.com", port: 6343, addresses: ["192.0.2.1"] };

  it("are added to the collectors of the file", () => {
    expect(sent(lay("collector { ip=192.0.2.9 } dns-sd { }", [], [found]))).toEqual([
      "192.0.2.9:6343",
      "a.example.com:6343",
    ]);
  });

  it.each(["ip=a.example.com", "ip=192.0.2.1"])("are not added if the file already has them: %s", (file) => {
    expect(sent(lay(`collector { ${file} } dns-sd { }`, [], [found]))).toHaveLength(1);
  });

  it.each(["ip=192.0.2.1 udpport=7000", "ip=192.0.2.1 dev=mgmt"])(
    "are added if the file has them with another port or device: %s",
    (file) => {
      expect(sent(lay(`collector { ${file} } dns-sd { }`, [], [found]))).toHaveLength(2);
    },
  );
});

describe("acceptSettings", () => {
  it.each([
    ["sampling=abc", "expected a whole number from 0 to 10000000"],
    ["sampling=10000001", "expected a whole number from 0 to 10000000"],
    ["polling=301", "expected a whole number from 0 to 300"],
    ["headerBytes=257", "expected a whole number from 0 to 256"],
    ["agentIP=host.example.com", "expected an address, not a name"],
    ["agent.cidr=10.0.0.0/99", "expected a prefix such as 10.0.0.0/8, 2001:db8::/32 or !172.17.0.0/16"],
    ["datagramBytes=9000", "this setting is accepted only in hsflowd.conf"],
    ["uuid=00112233-4455-6677-8899-aabbccddeeff", "this setting is accepted only in hsflowd.conf"],
    ["agent=eth0 collector=192.0.2.66", "expected KEY=VALUE without blanks"],
    ["sampling=", "expected KEY=VALUE without blanks"],
    ["sampling", "expected KEY=VALUE without blanks"],
    ["sampling.a\nb=3", "expected KEY=VALUE without blanks"],
  ])("rejects %j", (line, why) => {
    const { accepted, problems } = acceptSettings([line, "polling=5"], []);
    expect(accepted).toEqual(["polling=5"]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(why);
  });

  it("keeps the last valid value of a key whose new line is invalid", () => {
    const before = ["sampling=400", "polling=20"];
    expect(acceptSettings(["SAMPLING=x", "polling=30"], before).accepted).toEqual(["sampling=400", "polling=30"]);
    expect(acceptSettings(["polling=30"], before).accepted).toEqual(["polling=30"]);
  });
});
