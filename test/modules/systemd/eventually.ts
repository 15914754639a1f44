// Waits for what another process, or the other end of a socket, is about to do.

import { setTimeout as sleep } from "node:timers/promises";

/** Until the assertion holds; its own error after two seconds. */
export async function eventually(holds: () => void): Promise<void> {
  const end = performance.now() + 2000;
  for (;;) {
    try {
      return holds();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await sleep(5);
  }
}
