// Keeps a message that repeats from filling the log: at once the first time, then once a minute with how often it was
// meant.

import type { Logger, Message } from "./logger.ts";

/** Messages of one key are the same to the limiter, whatever their words. */
export interface LimitedLogger {
  error(key: string, message: Message): void;
  warn(key: string, message: Message): void;
  info(key: string, message: Message): void;
}

const MINUTE = 60_000;
/** Keys that are remembered; beyond, those whose minute is over go. */
const KEYS = 1000;

interface Memory {
  /** Milliseconds of uptime. */
  readonly said: number;
  suppressed: number;
}

const text = (message: Message): string => (typeof message === "string" ? message : message());

export function limit(log: Logger, clock: { uptime(): number }, interval = MINUTE): LimitedLogger {
  const memories = new Map<string, Memory>();

  function say(key: string, message: Message, write: (message: string) => void): void {
    const now = clock.uptime();
    const memory = memories.get(key);
    if (memory !== undefined && now - memory.said < interval) {
      memory.suppressed++;
      return;
    }
    if (memories.size >= KEYS) forget(now);
    memories.set(key, { said: now, suppressed: 0 });
    const before = memory?.suppressed ?? 0;
    write(before === 0 ? text(message) : `${text(message)} (and ${before} more times since it was last said)`);
  }

  function forget(now: number): void {
    for (const [key, { said }] of memories) if (now - said >= interval) memories.delete(key);
  }

  return {
    error: (key, message) => say(key, message, log.error),
    warn: (key, message) => say(key, message, log.warn),
    info: (key, message) => say(key, message, log.info),
  };
}
