// What the process gives back while it runs: what has grown old in V8's heap, and of its program what only the start
// needed.

import type { Host, Timer } from "../host/host.ts";

/** Most of the program that the first packets and polls need is there by then. */
const FIRST_MS = 2_000;
/**
 * What packets and polls leave behind and has grown old, V8 takes back only when megabytes of it have come together: an
 * hour's at 10,000 samples a second. To ask for it takes a dozen milliseconds.
 */
const AGAIN_MS = 300_000;

/** Only as the package starts it, with a collector that may be asked and a program that is mapped from its file. */
export function keepSmall(host: Host, collect: (() => unknown) | undefined = globalThis.gc): Timer {
  if (collect === undefined) return { cancel: () => undefined };
  const giveBack = () => {
    collect();
    host.sockets.trim();
  };
  const first = host.clock.after(FIRST_MS, giveBack);
  const again = host.clock.every(AGAIN_MS, giveBack);
  return {
    cancel() {
      first.cancel();
      again.cancel();
    },
  };
}
