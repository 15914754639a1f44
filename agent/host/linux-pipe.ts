// Reads a named pipe without waiting. See fifo(7).

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { codeOf } from "./error-code.ts";
import type { NamedPipe } from "./host.ts";

/** Returns the pipe, which the caller closes by its descriptor. Does not wait for a writer. */
export function openPipe(path: string): NamedPipe {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (!fstatSync(fd).isFIFO()) {
    closeSync(fd);
    throw Object.assign(new Error(`EINVAL: ${path} is not a named pipe`), { code: "EINVAL" });
  }
  return {
    fd,
    read(into) {
      try {
        return readSync(fd, into);
      } catch (error) {
        if (codeOf(error) === "EAGAIN") return undefined;
        throw error;
      }
    },
  };
}
