// Sampled frames of containers get ports and extended_entities by MAC, but none if the MAC is ambiguous.

import { describe, expect, it } from "vitest";
import { makeBatch } from "../../agent/flow/batch.ts";
import type { FlowBatch } from "../../agent/flow/flows.ts";
import { Pipeline } from "../../agent/flow/pipeline.ts";
import { watchPeers } from "../../agent/namespaces/peers.ts";
import { MacTable, type MarkedKind, type Plugged } from "../../agent/workloads/mac-table.ts";
import { makeMarks, nameEnds } from "../../agent/workloads/traffic-marks.ts";
import { makeFakeClock } from "../fakes/clock.ts";
import { adaptor, FakeInterfaces, mac } from "../fakes/interfaces.ts";

const A = "02:42:00:00:00:0a";
const B = "02:42:00:00:00:0b";
const HOST = "02:00:00:00:00:02";
const ELSEWHERE = "aa:bb:cc:dd:ee:ff";
const INTERNAL = 0x3fffffff;

type Container = Omit<Plugged, "kind"> & Partial<Plugged>;

const plugged = (number: number, ...adapters: [address: string, ifIndex: number][]): Container => ({
  source: { class: 3, index: number },
  adapters: () => adapters.map(([address, ifIndex]) => ({ ifIndex, mac_address: [mac(address)] })),
});

interface Given {
  readonly containers: Container[];
  readonly mark?: boolean;
  readonly interfaces?: FakeInterfaces;
  readonly protocol?: number;
}

/** Sends frames `from > to`, with input 1 and output INTERNAL, through the annotator. Returns ports and entities. */
function through({ containers, mark = true, protocol = 1, ...given }: Given, ...frames: [from: string, to: string][]) {
  const interfaces = given.interfaces ?? new FakeInterfaces(adaptor(2, "eth0"));
  const counters = { samples: 0, marked: 0 };
  const kind: MarkedKind = { nameTraffic: mark, marks: counters };
  const stations = new MacTable(() => containers.map((container) => ({ kind, ...container })), interfaces);
  const flows = new Pipeline(makeFakeClock(), (error) => {
    throw error;
  });
  flows.annotate(makeMarks(stations));
  const seen: unknown[] = [];
  const sampler = {
    source: { class: 0, index: 1 },
    write: ({ count, input, output, records }: Pick<FlowBatch, "count" | "input" | "output" | "records">) => {
      for (let i = 0; i < count; i++) seen.push([input[i], output[i], records[i]?.map(({ value }) => value)]);
    },
  };
  function send(): unknown[] {
    const batch = flows.take(sampler, 1);
    const bytes = frames.flatMap(([from, to]) => [0, ...mac(to), ...mac(from), 8, 0]);
    batch.bytes = Uint8Array.from(bytes);
    batch.count = frames.length;
    for (let i = 0; i < frames.length; i++) {
      batch.offset[i] = 15 * i + 1;
      batch.headerLength[i] = 14;
      batch.headerProtocol[i] = protocol;
      batch.input[i] = 1;
      batch.output[i] = INTERNAL;
    }
    flows.write(batch);
    return seen.splice(0);
  }
  return { counters, stations, send, seen: send() };
}

const entities = (from: [number, number], to: [number, number]) => [
  { src_ds_class: from[0], src_ds_index: from[1], dst_ds_class: to[0], dst_ds_index: to[1] },
];

describe("a packet", () => {
  it("gets the ports and the data sources of its containers", () => {
    const { seen, counters } = through(
      { containers: [plugged(100001, [A, 7]), plugged(100002, [B, 9])] },
      [A, B],
      [A, ELSEWHERE],
      [ELSEWHERE, B],
      [ELSEWHERE, HOST],
    );
    expect(seen).toEqual([
      [7, 9, entities([3, 100001], [3, 100002])],
      [7, INTERNAL, entities([3, 100001], [0, 0])],
      [1, 9, entities([0, 0], [3, 100002])],
      [1, INTERNAL, undefined],
    ]);
    expect(counters).toEqual({ samples: 3, marked: 3 });
  });

  it("gets only ports if markTraffic is off", () => {
    const { seen, counters } = through({ containers: [plugged(100001, [A, 7])], mark: false }, [A, HOST]);
    expect(seen).toEqual([[7, INTERNAL, undefined]]);
    expect(counters).toEqual({ samples: 1, marked: 0 });
  });

  it("keeps the port of its capture if the container has no port of the host", () => {
    const { seen } = through({ containers: [plugged(100001, [A, 0])] }, [A, HOST]);
    expect(seen).toEqual([[1, INTERNAL, entities([3, 100001], [0, 0])]]);
  });

  it("of containers that share a network namespace gets their port but no data source", () => {
    const { seen, counters } = through({ containers: [plugged(100001, [A, 7]), plugged(100002, [A, 7])] }, [A, HOST]);
    expect(seen).toEqual([[7, INTERNAL, undefined]]);
    expect(counters).toEqual({ samples: 1, marked: 0 });
  });

  it("is not assigned if its MAC belongs to containers at different ports, or to the host too", () => {
    const several = [1, 2, 3].map((number) => plugged(100000 + number, [A, 6 + number]));
    expect(through({ containers: several }, [A, HOST]).seen).toEqual([[1, INTERNAL, undefined]]);
    expect(through({ containers: [plugged(100001, [HOST, 0])] }, [HOST, B]).seen).toEqual([[1, INTERNAL, undefined]]);
  });

  it("between two types of workloads gets the data source of the type with markTraffic, and counts for both", () => {
    const services: MarkedKind = { nameTraffic: false, marks: { samples: 0, marked: 0 } };
    const other = { ...plugged(100002, [B, 9]), kind: services };
    const { seen, counters } = through({ containers: [plugged(100001, [A, 7]), other] }, [A, B], [ELSEWHERE, B]);
    expect(seen).toEqual([
      [7, 9, entities([3, 100001], [0, 0])],
      [1, 9, undefined],
    ]);
    expect(counters).toEqual({ samples: 1, marked: 1 });
    expect(services.marks).toEqual({ samples: 2, marked: 0 });
  });

  it("without an Ethernet header is not assigned to a workload", () => {
    const containers = [plugged(100001, [A, 7])];
    expect(through({ containers, protocol: 11 }, [A, B]).seen).toEqual([[1, INTERNAL, undefined]]);
  });
});

it("keeps the workload that is already named at an end of a packet, and names the other end", () => {
  const batch = makeBatch({ source: { class: 0, index: 1 }, write: () => undefined });
  nameEnds(batch, 0, { class: 3, index: 100_001 });
  nameEnds(batch, 0, { class: 3, index: 100_002 }, { class: 3, index: 100_003 });
  expect(batch.records[0]?.map(({ value }) => value)).toEqual(entities([3, 100_001], [3, 100_003]));
});

it("reads the MACs of containers again after a change, and not before", () => {
  const containers = [plugged(100001, [A, 7])];
  const { send, stations } = through({ containers }, [A, HOST]);
  containers.pop();
  expect(send()).toEqual([[7, INTERNAL, entities([3, 100001], [0, 0])]]);
  stations.outdated();
  expect(send()).toEqual([[1, INTERNAL, undefined]]);
});

it("finds ports by namespace and index together, while interfaces are added and removed", () => {
  const veth = (index: number, linkNamespace: number | undefined) =>
    adaptor(index, `veth${index}`, { kind: "veth", link: 2, linkNamespace });
  const interfaces = new FakeInterfaces(veth(7, 0), veth(8, 1), veth(9, undefined));
  let changes = 0;
  const peers = watchPeers(interfaces, () => changes++);
  expect([peers.portOf(0, 2), peers.portOf(1, 2), peers.portOf(2, 2), peers.portOf(0, 3)]).toEqual([7, 8, 0, 0]);
  interfaces.put(veth(10, 2));
  interfaces.remove(7);
  expect([peers.portOf(2, 2), peers.portOf(0, 2), changes]).toEqual([10, 0, 2]);
  peers.close();
  interfaces.put(veth(11, 3));
  expect(changes).toBe(2);
});
