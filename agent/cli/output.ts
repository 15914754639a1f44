// Standard output and standard error of a command: the only way for its text to leave the process.

import type { Printable } from "../text/printable.ts";

export function print(text: Printable): void {
  process.stdout.write(text);
}

export function complain(text: Printable): void {
  process.stderr.write(text);
}
