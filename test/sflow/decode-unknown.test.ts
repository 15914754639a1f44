// Unknown records, samples and revisions do not affect the records and samples around them.

import { describe, expect, it } from "vitest";
import { dataFormat } from "../../agent/sflow/data-format.ts";
import { recordOf } from "../../agent/sflow/decode.ts";
import { hostCpu } from "../../agent/sflow/records/counter/host-cpu.ts";
import { hostDescr } from "../../agent/sflow/records/counter/host-descr.ts";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { jvmStatistics } from "../../agent/sflow/records/counter/jvm-statistics.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { body, countersSample, datagram, item, join, record, text, u32 } from "./build.ts";
import { inCounters, name, names, open } from "./open.ts";

const unknown = item(999, u32(1, 2, 3));
const vendor = item(dataFormat(9999, 7), u32(1));

describe("the decoder", () => {
  it("I-01 skips unknown samples and decodes the samples around them", () => {
    const strange = [item(99, u32(1)), item(dataFormat(9999, 7), u32(1, 2))];
    const bytes = datagram([countersSample([name("a")]), ...strange, countersSample([name("b")])]);
    const { samples, problems } = open(bytes);
    expect(samples.map(({ kind }) => kind)).toEqual(["counters", "opaque", "opaque", "counters"]);
    expect(samples[2]).toMatchObject({ format: dataFormat(9999, 7), bytes: u32(1, 2) });
    expect(problems).toEqual([]);
  });

  it.each([
    ["first", [unknown, vendor, name("a"), name("b")]],
    ["in the middle", [name("a"), unknown, vendor, name("b")]],
    ["last", [name("a"), name("b"), vendor, unknown]],
  ])("I-02 skips unknown records that come %s", (_, records) => {
    const { records: decoded, problems } = inCounters(...records);
    expect(decoded.length).toBe(4);
    expect(names(datagram([countersSample(records)])).filter(Boolean)).toEqual(["a", "b"]);
    expect(decoded.find(({ format }) => format === 999)?.bytes).toEqual(u32(1, 2, 3));
    expect(problems).toEqual([]);
  });

  it("I-03 decodes the known part of a record that has grown", () => {
    const grown = item(ifCounters.format, join(body(ifCounters, { ...ifCounters.unknown, ifIndex: 7 }), u32(9)));
    const cpu = item(hostCpu.format, join(body(hostCpu, { ...hostCpu.unknown, cpu_num: 4 }), u32(9)));
    const { records, problems } = inCounters(grown, cpu, name("a"));
    expect(records[0]?.bytes.length).toBe(92);
    expect(records[1]?.bytes.length).toBe(84);
    expect(recordOf(records, ifCounters)?.ifIndex).toBe(7);
    expect(recordOf(records, hostCpu)?.cpu_num).toBe(4);
    expect(recordOf(records, portName)).toEqual({ name: "a" });
    expect(problems).toEqual([]);
  });

  it("I-04 decodes missing fields of older, shorter revisions as absent, not zero", () => {
    const cpu = body(hostCpu, { ...hostCpu.unknown, cpu_user: 5, cpu_steal: 6 }).subarray(0, 68);
    const jvm = body(jvmStatistics, { ...jvmStatistics.unknown, gc_count: 5, fd_max_count: 6 }).subarray(0, 100);
    const { records, problems } = inCounters(item(hostCpu.format, cpu), item(jvmStatistics.format, jvm));
    expect(recordOf(records, hostCpu)).toMatchObject({ cpu_user: 5 });
    expect(recordOf(records, hostCpu)).not.toHaveProperty("cpu_steal");
    expect(recordOf(records, jvmStatistics)).toMatchObject({ gc_count: 5 });
    expect(recordOf(records, jvmStatistics)).not.toHaveProperty("fd_max_count");
    expect(problems).toEqual([]);
  });

  it("I-26 recognises the obsolete uuid with a length word", () => {
    const uuid = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
    const obsolete = join(text("web1"), u32(16), uuid, u32(3, 2), text("2.6.32"));
    const modern = { hostname: "web1", uuid, machine_type: 3, os_name: 2, os_release: "2.6.32" };
    expect(recordOf(inCounters(item(2000, obsolete)).records, hostDescr)).toEqual(modern);
  });

  it("I-26 keeps a uuid whose first bytes only look like a length of 16", () => {
    const uuid = join(u32(16), new Uint8Array(12));
    const value = { hostname: "web1", uuid, machine_type: 3, os_name: 2, os_release: "2.6.32" };
    expect(recordOf(inCounters(record(hostDescr, value)).records, hostDescr)).toEqual(value);
  });
});
