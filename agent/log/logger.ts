// The interface of the log. A message is one line: a sentence in lower case, without a full stop.

export type Message = string | (() => string);

export interface Logger {
  error(message: Message): void;
  warn(message: Message): void;
  info(message: Message): void;
  /** Logs level 1 with -dd, 2 with -ddd, 3 with -dddd. A function is called only if the level is on. */
  debug(level: 1 | 2 | 3, message: Message): void;
  /** Returns a logger that prefixes messages with `name: `. */
  child(name: string): Logger;
}
