// Keeps Node running, which otherwise ends while the agent waits only for timers: those of its clock do not count.

/** Interval of a timer that does nothing. */
const FOREVER_MS = 2 ** 30;

/** Keeps Node running until `work` is done. */
export async function stayAlive<T>(work: () => Promise<T>): Promise<T> {
  const alive = setInterval(() => undefined, FOREVER_MS);
  try {
    return await work();
  } finally {
    clearInterval(alive);
  }
}
