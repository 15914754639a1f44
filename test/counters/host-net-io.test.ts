// host_net_io of a host with a bond, a VLAN and a bridge, where each packet is in three counters.

import { expect, it } from "vitest";
import { readHostNetIo } from "../../agent/counters/host-net-io.ts";
import { makeInterfaces } from "../../agent/interfaces/table.ts";
import type { FakeLink } from "../fakes/link-message.ts";
import { makeLog } from "../fakes/log.ts";
import { makeRoutedHost } from "../fakes/routed-host.ts";
import { ENO1, ENO2, LINKS } from "../interfaces/links.ts";

const STATS = {
  rx_bytes: 10,
  rx_packets: 2,
  rx_errors: 3,
  rx_dropped: 4,
  rx_missed_errors: 5,
  tx_bytes: 2 ** 40,
  tx_packets: 7,
  tx_errors: 8,
  tx_dropped: 9,
  multicast: 1,
};

function start(links: readonly FakeLink[]) {
  const host = makeRoutedHost("bonded-bridge", links);
  const table = makeInterfaces(host, makeLog());
  table.start();
  return { host, table };
}

it("counts each card once, also one that is down", () => {
  const all = LINKS.map((link) => ({ ...link, stats: STATS }));
  const { table } = start(all);
  const sum = readHostNetIo(table);
  expect(sum?.parts).toBe("eno1/2,eno2/3");
  expect(sum?.record.value).toEqual({
    bytes_in: 20,
    pkts_in: 4,
    errs_in: 6,
    drops_in: 18,
    bytes_out: 2 ** 41,
    pkts_out: 14,
    errs_out: 16,
    drops_out: 18,
  });
});

it("identifies the sum as another as soon as a card is removed, before the kernel's event", () => {
  const { host, table } = start([ENO1, ENO2]);
  const before = readHostNetIo(table)?.parts;
  (host.kernel.links as Map<number, FakeLink>).delete(3);
  host.clock.advance(1);
  expect(readHostNetIo(table)?.parts).not.toBe(before);
});

it("has no record without a card", () => {
  expect(readHostNetIo(start([]).table)).toBe(undefined);
});

it("has other parts while a port provider counts in place of the kernel", () => {
  const { table } = start([ENO1, ENO2]);
  const facts = ({ index }: { index: number }) => (index === 2 ? {} : undefined);
  const provision = table.provide({ keyword: "sonic", facts, counters: () => STATS });
  expect(readHostNetIo(table)?.parts).toBe("eno1/2/sonic,eno2/3");
  provision.close();
  expect(readHostNetIo(table)?.parts).toBe("eno1/2,eno2/3");
});
