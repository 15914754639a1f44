// The whole configuration: blocks that are not implemented, keys that moved into a block, values of blocks.

import { describe, expect, it } from "vitest";
import { collector } from "../../agent/modules/collector/config.ts";
import { modules } from "../../agent/modules/index.ts";
import { json } from "../../agent/modules/json/config.ts";
import { pcap } from "../../agent/modules/pcap/config.ts";
import { blocksOf, readConfiguration } from "../../agent/run/configuration.ts";

const load = () => Promise.reject(new Error("not loaded in this test"));
const BUILT = new Set<string | null>(["collector", "pcap"]);
const some = modules.map(({ load: _, ...module }) => (BUILT.has(module.keyword) ? { ...module, load } : module));

const read = (text: string) => readConfiguration(`sflow { collector { ip=192.0.2.1 } pcap { }\n${text} }`, some);

describe("readConfiguration", () => {
  it("lists all blocks that are not implemented in one warning", () => {
    const { configuration, problems } = read("kvm { } pcap { dev=eth0 }\nxen { } kvm { }");
    const warnings = problems.filter(({ message }) => message.startsWith("not implemented"));
    expect(warnings).toMatchObject([
      { severity: "warning", at: { line: 3, column: 1 }, message: "not implemented yet, ignored: xen { }, kvm { }" },
    ]);
    expect(configuration).toBeDefined();
  });

  it("copies a key of sflow { } that moved into a block, unless the block sets the key", () => {
    const { configuration } = read("jsonPort=2000 jsonFIFO=/a json { fifo=/b }");
    expect(configuration && blocksOf(configuration, json)).toEqual([{ udpport: 2000, fifo: "/b" }]);
  });

  it("does not add a block for a key that moved into that block", () => {
    const { configuration } = read("jsonPort=2000");
    expect(configuration?.blocks.has("json")).toBe(false);
  });

  it("reads DNSSD = on as dns-sd { }", () => {
    const { configuration, problems } = readConfiguration("sflow { DNSSD=on DNSSD_domain=.example.com }", some);
    expect(configuration?.blocks.get("dns-sd")).toEqual([{ domain: ".example.com" }]);
    expect(problems.map(({ message }) => message)).toContain("not implemented yet, ignored: dns-sd { }");
  });

  it("advises how to replace DNSSD, and a key that moved into a block", () => {
    const remedies = (text: string) =>
      readConfiguration(`sflow { collector { ip=192.0.2.1 } pcap { } ${text} }`, some).problems.map(
        ({ remedy }) => remedy,
      );
    const both = "write dns-sd { domain = .x } instead of DNSSD and DNSSD_domain";
    expect(remedies("DNSSD=on")).toContain("write dns-sd { } instead of DNSSD");
    expect(remedies("DNSSD_domain=.x DNSSD=on").slice(0, 2)).toEqual([both, both]);
    expect(remedies("DNSSD=OFF")[0]).toBe("remove it");
    expect(remedies("jsonPort=2000")[0]).toBe("remove it");
    expect(remedies("jsonPort=2000 json { }")[0]).toBe("write udpport = 2000 inside json { } on line 1 instead");
    expect(remedies("nflogGroup=100 nflog { }")[0]).toBeUndefined();
  });

  it("lets the later of two lines decide, as hsflowd does", () => {
    const blocks = (text: string) => read(text).configuration?.blocks;
    expect(blocks("dns-sd { domain=.a } DNSSD=off")?.has("dns-sd")).toBe(false);
    expect(blocks("DNSSD=off dns-sd { domain=.a } DNSSD_domain=.b")?.get("dns-sd")).toEqual([{ domain: ".b" }]);
    expect(blocks("DNSSD_domain=.b dns-sd { domain=.a }")?.get("dns-sd")).toEqual([{ domain: ".a" }]);
    expect(read("dns-sd { } DNSSD=off").problems[0]?.message).toContain("and turns off dns-sd { } on line 2");
  });

  it("asks for a collector if the only block that finds collectors is not implemented", () => {
    const remedy = (text: string) => readConfiguration(`sflow { pcap { } ${text} }`, some).problems[1]?.remedy;
    expect(remedy("sonic { }")).toBe("no collector is configured: add collector { ip = ADDRESS }");
    const other = readConfiguration("sflow { collector { ip=192.0.2.1 } pcap { } xen { } }", some).problems;
    expect(other.map((one) => one.remedy)).toEqual(["everything else in this file works"]);
  });

  it("ignores DNSSD = off", () => {
    const { problems } = readConfiguration("sflow { DNSSD=off }", some);
    expect(problems.map(({ message }) => message)).toContain("no collector is configured");
  });

  it("rejects two blocks that use the same port, and reports the line of the first", () => {
    const holds = () => ["TCP port 9536 of 127.0.0.1"];
    const held = modules.map((module) => (module.keyword === "json" ? { ...module, load, holds } : module));
    const text = "sflow { collector { ip=192.0.2.1 }\nmetrics { port=9536 }\njson { } }";
    expect(readConfiguration(text, held).problems).toMatchObject([
      {
        severity: "error",
        at: { line: 3, column: 1 },
        message: "TCP port 9536 of 127.0.0.1 is already used by metrics { } on line 2",
        remedy: "only one block can use it: change or remove one of the two",
      },
    ]);
  });

  it("returns blocks in file order, with their defaults", () => {
    const { configuration } = readConfiguration(
      "sflow { collector { ip=192.0.2.1 } pcap { dev=eth1 } pcap { dev=eth0 } }",
      some,
    );
    if (configuration === undefined) throw new Error("not read");
    expect(blocksOf(configuration, pcap).map(({ dev, engine }) => [dev, engine])).toEqual([
      ["eth1", "auto"],
      ["eth0", "auto"],
    ]);
    expect(blocksOf(configuration, collector)).toEqual([
      {
        ip: "192.0.2.1",
        udpport: 6343,
        dev: undefined,
        namespace: undefined,
        samples: "expanded",
        segmentation: false,
      },
    ]);
  });

  it("shares no values with a configuration that was read before", () => {
    read("sampling.1G=1 agent.cidr=10.0.0.0/8");
    const { configuration } = read("");
    expect(configuration?.sflow["sampling.*"].size).toBe(0);
    expect(configuration?.sflow["agent.cidr"]).toEqual([]);
  });
});
