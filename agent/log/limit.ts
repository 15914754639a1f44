// Limits messages that repeat: logs the first at once, then one a minute with the number of suppressed messages.

import type { Logger, Message } from "./logger.ts";

/**
 * A logger that limits messages by key. Messages with the same key count as repetitions, even if their texts differ.
 */
export interface LimitedLogger {
  error(key: string, message: Message): void;
  warn(key: string, message: Message): void;
  info(key: string, message: Message): void;
}

const MINUTE = 60_000;
/** Number of keys to remember. If there are more, keys whose minute is over are forgotten. */
const MOST_KEYS = 1000;

interface Remembered {
  /** The uptime in milliseconds when a message with this key was last logged. */
  readonly loggedAt: number;
  suppressed: number;
}

const text = (message: Message): string => (typeof message === "string" ? message : message());

export function limit(log: Logger, clock: { uptime(): number }, interval = MINUTE): LimitedLogger {
  const memories = new Map<string, Remembered>();

  function logLimited(key: string, message: Message, write: (message: string) => void): void {
    const now = clock.uptime();
    const memory = memories.get(key);
    if (memory !== undefined && now - memory.loggedAt < interval) {
      memory.suppressed++;
      return;
    }
    if (memories.size >= MOST_KEYS) forget(now);
    memories.set(key, { loggedAt: now, suppressed: 0 });
    const before = memory?.suppressed ?? 0;
    write(before === 0 ? text(message) : `${text(message)} (${before} more times since the last message)`);
  }

  function forget(now: number): void {
    for (const [key, { loggedAt }] of memories) if (now - loggedAt >= interval) memories.delete(key);
  }

  return {
    error: (key, message) => logLimited(key, message, log.error),
    warn: (key, message) => logLimited(key, message, log.warn),
    info: (key, message) => logLimited(key, message, log.info),
  };
}
