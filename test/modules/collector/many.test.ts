// collector { } a thousand times: opened in slices of time, so that packets do not wait, and stopped in the middle.

import { expect, test } from "vitest";
import { makeFakeHost } from "../../fakes/host.ts";
import { workOn } from "./surroundings.ts";

const COUNT = 999;
const blocks = Array.from({ length: COUNT }, (_, i) => ({ ip: `10.1.${i >> 8}.${i & 255}` }));

/** A host whose clock advances by half a millisecond whenever it is read. */
function slowHost() {
  const host = makeFakeHost();
  const { clock } = host;
  let reads = 0;
  return { ...host, clock: { ...clock, uptime: () => clock.uptime() + reads++ / 2, timers: 0 } };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("opens collectors in many turns, each a few, and none after stop", async () => {
  const host = slowHost();
  const running = workOn(host, ...blocks);
  const started = running.start();
  let most = host.sockets.opened.length;
  expect(most).toBeLessThan(20);
  while (host.sockets.opened.length < COUNT / 2) {
    const before = host.sockets.opened.length;
    host.clock.advance(0.005);
    await turn();
    most = Math.max(most, host.sockets.opened.length - before);
  }
  expect(most).toBeLessThan(20);
  running.stop();
  const opened = host.sockets.opened.length;
  for (let i = 0; i < 5; i++) {
    host.clock.advance(0.005);
    await turn();
  }
  await started;
  expect([host.sockets.opened.length, host.sockets.open.length]).toEqual([opened, 0]);
});
