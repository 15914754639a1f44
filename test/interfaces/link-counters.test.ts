// Requests for counters: one per interface for a few, one dump for many.

import { expect, it } from "vitest";
import { makeInterfaces } from "../../agent/interfaces/table.ts";
import type { FakeLink } from "../fakes/link-message.ts";
import { makeLog } from "../fakes/log.ts";
import { makeRoutedHost } from "../fakes/routed-host.ts";

const links = Array.from(
  { length: 100 },
  (_, i): FakeLink => ({ index: i + 1, name: `eth${i}`, stats: { rx_bytes: i } }),
);

function start() {
  const host = makeRoutedHost("bonded-bridge", links);
  const table = makeInterfaces(host, makeLog());
  table.start();
  return { host, table, asked: () => host.kernel.asked.filter((type) => type.startsWith("94")) };
}

it("asks for a single interface, and reuses the answer for 100 ms", () => {
  const { host, table, asked } = start();
  expect(table.counters(5)?.rx_bytes).toBe(4);
  host.kernel.set({ index: 5, name: "eth4", stats: { rx_bytes: 2 ** 40 } });
  host.clock.advance(0.099);
  expect(table.counters(5)?.rx_bytes).toBe(4);
  host.clock.advance(0.001);
  expect(table.counters(5)?.rx_bytes).toBe(2 ** 40);
  expect(asked()).toEqual(["94", "94"]);
});

it("asks for all interfaces at once if many are read at the same moment", () => {
  const { host, table, asked } = start();
  const read = () => links.map((link) => table.counters(link.index)?.rx_bytes);
  expect(read()).toEqual(links.map((link) => link.stats?.rx_bytes));
  expect(asked()).toEqual([...Array(8).fill("94"), "94 all"]);
  host.clock.advance(1);
  expect(read()).toEqual(links.map((link) => link.stats?.rx_bytes));
  expect(asked().length).toBe(18);
});

it("returns no counters for a removed interface, but those of the others", () => {
  const { table, asked } = start();
  for (let round = 0; round < 20; round++) expect(table.counters(777)).toBe(undefined);
  expect(asked().filter((type) => type === "94 all").length).toBe(1);
  expect(table.statistics.statsFailed).toBe(0);
  table.stop();
  expect(table.counters(1)).toBe(undefined);
});
