// A zone's records become collectors and settings; wrong or missing records leave the previous ones in force.

import { describe, expect, it } from "vitest";
import { a, aaaa, type Bed, DOMAIN, srv, start, txt } from "./bed.ts";

const TWO = [srv("a.lab"), srv("b.lab"), a("a.lab", "192.0.2.1"), a("b.lab", "192.0.2.2")];
const names = ({ found }: Bed): string[] =>
  (found.at(-1)?.collectors ?? []).map(({ name, port }) => `${name}:${port}`).sort();
const settings = ({ found }: Bed): readonly string[] => found.at(-1)?.settings ?? [];

describe("collectors", () => {
  it("are all of one priority if there are no weights, with IPv4 addresses first", async () => {
    const bed = await start({ domain: DOMAIN, zone: [...TWO, aaaa("a.lab", "2001:db8::1")] });
    expect(bed.found).toHaveLength(1);
    expect(names(bed)).toEqual(["a.lab:6343", "b.lab:6343"]);
    expect(bed.found[0]?.collectors.find(({ name }) => name === "a.lab")?.addresses).toEqual([
      "192.0.2.1",
      "2001:db8::1",
    ]);
  });

  it("are those of the lowest priority with an address, and of the next while it has none", async () => {
    const zone = [srv("a.lab", 10, 0, 6343, 3600), srv("b.lab", 20, 0, 6343, 3600), a("b.lab", "192.0.2.2")];
    const bed = await start({ domain: DOMAIN, zone });
    expect(names(bed)).toEqual(["b.lab:6343"]);
    expect(bed.asked).toContain("A b.lab");
    bed.zone = [...zone, a("a.lab", "192.0.2.1")];
    await bed.pass(61);
    expect(names(bed)).toEqual(["a.lab:6343"]);
  });

  it("are not resolved while they stand by", async () => {
    const bed = await start({ domain: DOMAIN, zone: [...TWO, srv("c.lab", 1), srv("d.lab", 2)] });
    expect(names(bed)).toEqual(["a.lab:6343", "b.lab:6343"]);
    expect(bed.asked.filter((question) => / [cd]\.lab$/.test(question))).toEqual([]);
  });

  it("keep the lower priority number if named twice", async () => {
    const zone = [...TWO, srv("x.lab", 3), srv("A.lab", 5), a("x.lab", "192.0.2.9")];
    expect(names(await start({ domain: DOMAIN, zone }))).toEqual(["a.lab:6343", "b.lab:6343"]);
  });

  it("are one per host if there are weights: in proportion, and always the same for a host", async () => {
    const zone = [srv("a.lab", 0, 30), srv("b.lab", 0, 10), a("a.lab", "192.0.2.1"), a("b.lab", "192.0.2.2")];
    const chosen: string[][] = [];
    for (let uuid = 0; uuid < 200; uuid++) chosen.push(names(await start({ domain: DOMAIN, zone, uuid })));
    expect(chosen.every(({ length }) => length === 1)).toBe(true);
    const share = chosen.filter(([name]) => name === "a.lab:6343").length / chosen.length;
    expect(share).toBeGreaterThan(0.65);
    expect(share).toBeLessThan(0.85);
    expect(names(await start({ domain: DOMAIN, zone, uuid: 7 }))).toEqual(chosen[7]);
  });

  it("are none if the zone declares so", async () => {
    const bed = await start({ domain: DOMAIN, zone: TWO });
    bed.zone = [srv(".")];
    await bed.pass(61);
    expect(bed.found.at(-1)?.collectors).toEqual([]);
    expect(bed.log.lines.at(-1)).toBe('info: _sflow._udp.example.com: no collector, because the SRV target is "."');
    expect(bed.running.report?.().obstacle).toBe("_sflow._udp.example.com declares that there is no collector");
  });

  it("may be named by address", async () => {
    const bed = await start({ domain: DOMAIN, zone: [srv("192.0.2.9")] });
    expect(bed.found[0]?.collectors).toEqual([{ name: "192.0.2.9", port: 6343, addresses: ["192.0.2.9"] }]);
    expect(bed.asked).toEqual(["SRV _sflow._udp.example.com", "TXT _sflow._udp.example.com"]);
  });

  it("leaves out repeated records, port 0 and invalid names; logs and counts the wrong ones", async () => {
    const bed = await start({ domain: DOMAIN, zone: [...TWO, srv("A.lab", 5), srv("c.lab", 0, 0, 0), srv("d!.lab")] });
    expect(names(bed)).toEqual(["a.lab:6343", "b.lab:6343"]);
    const said = 'warn: records of _sflow._udp.example.com: "c.lab" has port 0; "d!.lab" is not a host name';
    expect(bed.log.lines).toContain(said);
    expect(bed.running.counters?.()).toMatchObject({ badRecords: 2 });
  });

  it("are 512 at most", async () => {
    const zone = Array.from({ length: 600 }, (_, i) => srv(`192.0.${i >> 8}.${i & 255}`));
    const bed = await start({ domain: DOMAIN, zone });
    expect(bed.found[0]?.collectors).toHaveLength(512);
    expect(bed.log.lines).toContain(
      "warn: records of _sflow._udp.example.com: 600 collectors, only the first 512 are used",
    );
  });
});

describe("settings", () => {
  it("take each key once, and ignore txtvers and strings without a value", async () => {
    const zone = [...TWO, txt("txtvers=1", "sampling.1G=500", "polling=20", "flag", "", "=x")];
    expect(settings(await start({ domain: DOMAIN, zone }))).toEqual(["sampling.1G=500", "polling=20"]);
  });

  it("logs and counts invalid settings, and keeps their previous values", async () => {
    const bed = await start({ domain: DOMAIN, zone: [...TWO, txt("sampling=500", "polling=20")] });
    bed.zone = [...TWO, txt("sampling=5OO", "polling=-1", "headerBytes=64", "uuid=1", "agent=e\u001b[2J")];
    await bed.pass(61);
    expect(settings(bed)).toEqual(["sampling=500", "polling=20", "headerBytes=64"]);
    expect(bed.running.counters?.()).toMatchObject({ badSettings: 4 });
    const said = bed.log.lines.at(-2) ?? "";
    expect(said).toContain('"sampling=5OO": expected a whole number from 0 to 10000000');
    expect(said).toContain('"polling=-1": expected a whole number from 0 to 300');
    expect(said).toContain('"uuid=1": this setting is accepted only in hsflowd.conf');
    expect(said).toContain('"agent=e\\u001b[2J"');
  });

  it("do not depend on the order of records; the first value of a key counts", async () => {
    const [one, other] = [txt("sampling=100"), txt("sampling=200", "polling=5")];
    const bed = await start({ domain: DOMAIN, zone: [...TWO, one, other] });
    const turned = await start({ domain: DOMAIN, zone: [...TWO, other, one] });
    expect(settings(bed)).toEqual(["sampling=100", "polling=5"]);
    expect(settings(turned)).toEqual(settings(bed));
    expect(bed.log.lines).toContain('warn: settings of _sflow._udp.example.com: "sampling=200": given twice, ignored');
  });

  it("are removed when TXT no longer has them", async () => {
    const bed = await start({ domain: DOMAIN, zone: [...TWO, txt("sampling=500")] });
    bed.zone = TWO;
    await bed.pass(61);
    expect(settings(bed)).toEqual([]);
  });
});

describe("when DNS fails", () => {
  const zone = [...TWO, txt("sampling=500")];

  it.each([
    ["SERVFAIL", 2, "192.0.2.53: SERVFAIL"],
    ["no such name", 3, "no such name, says 192.0.2.53"],
    ["no answer", undefined, "192.0.2.53: no answer within 1 s"],
  ])("%s: keeps the last answer, and logs the begin and the end once each", async (_what, code, words) => {
    const bed = await start({ domain: DOMAIN, zone });
    const before = bed.found.length;
    for (const type of ["SRV", "TXT", "A", "AAAA"]) bed.failing.set(type, code);
    await bed.pass(600);
    const said = `warn: SRV _sflow._udp.example.com: ${words}; the last answer stays in force`;
    expect(bed.log.lines.filter((line) => line === said)).toHaveLength(1);
    expect(names(bed)).toEqual(["a.lab:6343", "b.lab:6343"]);
    bed.failing.clear();
    await bed.pass(310);
    expect(bed.log.lines).toContain("info: SRV _sflow._udp.example.com: ok again");
    expect(bed.found.slice(before).every(({ collectors }) => collectors.length === 2)).toBe(true);
    expect(settings(bed)).toEqual(["sampling=500"]);
  });

  it("follows collectors and keeps settings if only TXT fails", async () => {
    const bed = await start({ domain: DOMAIN, zone });
    bed.failing.set("TXT", 2);
    bed.zone = [srv("b.lab"), a("b.lab", "192.0.2.2")];
    await bed.pass(61);
    expect(bed.found.at(-1)).toMatchObject({ settings: ["sampling=500"], collectors: [{ name: "b.lab" }] });
  });

  it("applies nothing while a question is open", async () => {
    const bed = await start({ domain: DOMAIN, zone });
    bed.failing.set("A", undefined);
    bed.zone = [...zone, srv("c.lab")];
    await bed.pass(61);
    const before = bed.found.length;
    expect(names(bed)).toEqual(["a.lab:6343", "b.lab:6343"]);
    await bed.pass(3);
    expect(bed.found.length).toBeGreaterThan(before);
    expect(names(bed)).toEqual(["a.lab:6343", "b.lab:6343"]);
  });

  it("keeps the collectors if no SRV record is usable", async () => {
    const bed = await start({ domain: DOMAIN, zone });
    bed.zone = [srv("a.lab", 0, 0, 0), srv("b.lab", 0, 0, 0)];
    await bed.pass(61);
    expect(names(bed)).toEqual(["a.lab:6343", "b.lab:6343"]);
    const obstacle = '_sflow._udp.example.com: no usable SRV record: "a.lab" has port 0; "b.lab" has port 0';
    expect(bed.running.report?.().obstacle).toBe(obstacle);
  });

  it("reports a collector without an address, with a remedy", async () => {
    const bed = await start({ domain: DOMAIN, zone: [srv("a.lab")] });
    expect(bed.found).toEqual([]);
    expect(bed.running.report?.()).toMatchObject({
      obstacle: "_sflow._udp.example.com: no address for a.lab",
      remedy: "add an A or AAAA record for each target of the SRV records",
    });
  });
});

describe("the domain", () => {
  const SEARCH = "nameserver 192.0.2.53\nsearch none.example example.com";

  it("is the first of the search list that has the service", async () => {
    const bed = await start({ zone: TWO, resolvConf: SEARCH });
    expect(names(bed)).toHaveLength(2);
    expect(bed.asked.slice(0, 3)).toEqual([
      "SRV _sflow._udp.none.example",
      "SRV _sflow._udp.example.com",
      "TXT _sflow._udp.example.com",
    ]);
  });

  it("is that of the host name if there is no search list", async () => {
    expect(names(await start({ zone: TWO, name: "web1.example.com" }))).toHaveLength(2);
  });

  it("if there is none, is asked for in the report", async () => {
    const bed = await start({});
    expect(bed.running.report?.()).toMatchObject({
      obstacle: "no domain to look in: none in the block, in /etc/resolv.conf or in the name of this host",
      remedy: "dns-sd { domain=.example.com }",
    });
    expect(bed.asked).toEqual([]);
  });

  it("if it has no service, is reported with the question, the server and the missing record", async () => {
    const bed = await start({ domain: "example.com" });
    expect(bed.running.report?.()).toMatchObject({
      obstacle: "no collector by SRV _sflow._udp.example.com: no such name, says 192.0.2.53",
      remedy: "_sflow._udp.example.com. SRV 0 0 6343 COLLECTOR in its zone",
      questions: [{ question: "SRV _sflow._udp.example.com", failing: false, age: 0, next: 60 }],
    });
  });

  it("stays the same while it fails", async () => {
    const bed = await start({ zone: TWO, resolvConf: SEARCH });
    bed.failing.set("SRV", 2);
    await bed.pass(70);
    expect(bed.running.report?.()).toMatchObject({
      questions: [{ question: "SRV _sflow._udp.example.com", failing: true }, {}, {}, {}, {}, {}],
    });
    expect(names(bed)).toHaveLength(2);
  });
});

it("asks again at once on a reload, and leaves no timer after stop", async () => {
  const bed = await start({ domain: DOMAIN, zone: TWO });
  bed.zone = [srv("a.lab"), a("a.lab", "192.0.2.1")];
  bed.running.restore?.();
  await bed.pass(0);
  expect(names(bed)).toEqual(["a.lab:6343"]);
  await bed.running.stop();
  expect(bed.host.clock.timers).toBe(0);
});
