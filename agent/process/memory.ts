// Keeps resident memory small: collects V8's old generation, and releases pages of code that only the start needed.

import type { Host, Timer } from "../host/host.ts";

/** Time until the first collection. By then, most of the code for the first packets and polls has been loaded. */
const FIRST_MS = 2_000;
/**
 * Interval of forced collections, which take about 12 ms each. By itself, V8 collects its old generation only after
 * megabytes of garbage: about once an hour at 10,000 samples a second.
 */
const INTERVAL_MS = 300_000;

/**
 * Trims memory soon after the start and at intervals. Does nothing unless Node runs with --expose-gc, as the package
 * starts it.
 */
export function keepSmall(host: Host, collect: (() => unknown) | undefined = globalThis.gc): Timer {
  if (collect === undefined) return { cancel: () => undefined };
  const trim = () => {
    collect();
    host.sockets.trim();
  };
  const first = host.clock.after(FIRST_MS, trim);
  const again = host.clock.every(INTERVAL_MS, trim);
  return {
    cancel() {
      first.cancel();
      again.cancel();
    },
  };
}
