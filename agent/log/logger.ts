// What a component may say to the operator. One line a message, a sentence without a full stop, lower case.

export type Message = string | (() => string);

export interface Logger {
  error(message: Message): void;
  warn(message: Message): void;
  info(message: Message): void;
  /** Level 1 is said with -dd, 2 with -ddd, 3 with -dddd. A closure is called only when the level is on. */
  debug(level: 1 | 2 | 3, message: Message): void;
  /** A logger whose messages begin with `name: `. */
  child(name: string): Logger;
}
