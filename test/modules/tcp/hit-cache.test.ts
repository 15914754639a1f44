// The cache answers for a closed socket with figures from the last half second, and with no older ones.

import { expect, it } from "vitest";
import { connection, received, SENT, sent, startedBeds } from "./packets.ts";

const { started } = startedBeds();

it("answers for a socket that has closed, or is in TIME_WAIT", () => {
  const bed = started();
  bed.kernel.connections.push(
    connection(1000, { info: { tcpi_rtt: 5 } }),
    connection(1001, { info: { tcpi_rtt: 6 } }),
    connection(1002),
  );
  bed.write([sent(1000), sent(1001)]);
  bed.kernel.connections.splice(0, 3, connection(1001, { infoBytes: 0, state: 6 }));
  bed.write([sent(1000), received(1000), sent(1001), sent(1002)]);
  expect(bed.taken().map((record) => record?.rtt)).toEqual([5, 6, 5, 5, 6, undefined]);
  expect(bed.counters()).toMatchObject({ annotated: 5, lookups: 5, hits: 2, notFound: 3, recalled: 2 });
});

it("answers with the latest figures, in the direction of the packet", () => {
  const bed = started();
  for (const rtt of [5, 6]) {
    bed.kernel.connections.splice(0, 1, connection(1000, { info: { tcpi_rtt: rtt } }));
    bed.write([received(1000)]);
    bed.host.clock.advance(0.2);
  }
  bed.kernel.connections.pop();
  bed.write([sent(1000)]);
  expect(bed.taken().at(-1)).toMatchObject({ dir: SENT, rtt: 6 });
});

it("answers for a quarter of a second at least, and for less than half a second", () => {
  for (let phase = 0; phase < 500; phase += 7) {
    const bed = started();
    bed.host.clock.advance(phase / 1000);
    const rttAfter = (milliseconds: number) => {
      bed.kernel.connections.splice(0, 1, connection(1000, { info: { tcpi_rtt: 5 } }));
      bed.write([sent(1000)]);
      bed.kernel.connections.pop();
      bed.host.clock.advance(milliseconds / 1000);
      bed.write([sent(1000)]);
      return bed.taken().at(-1)?.rtt;
    };
    expect(rttAfter(249)).toBe(5);
    expect(rttAfter(500)).toBeUndefined();
    expect(rttAfter(5000)).toBeUndefined();
  }
});

it("does not prolong an answer by using it", () => {
  const bed = started();
  bed.kernel.connections.push(connection(1000));
  bed.write([sent(1000)]);
  bed.kernel.connections.pop();
  for (let i = 0; i < 50; i++) {
    bed.host.clock.advance(0.01);
    bed.write([sent(1000)]);
  }
  expect(bed.taken().at(-1)).toBeUndefined();
});

it("keeps the latest of very many connections", () => {
  const bed = started();
  const ports = Array.from({ length: 20_000 }, (_, i) => i);
  for (let i = 0; i < ports.length; i += 50) {
    const some = ports.slice(i, i + 50);
    bed.kernel.connections.splice(0, 50, ...some.map((port) => connection(port, { info: { tcpi_rtt: port } })));
    bed.write(some.map(sent));
  }
  bed.kernel.connections.splice(0);
  bed.taken();
  for (let i = 0; i < ports.length; i += 50) bed.write(ports.slice(i, i + 50).map(sent));
  const recalled = bed.taken().map((record) => record?.rtt);
  expect(recalled.slice(-8192)).toEqual(ports.slice(-8192));
  expect(recalled.filter((rtt) => rtt !== undefined).length).toBeLessThanOrEqual(2 * 8192);
});
