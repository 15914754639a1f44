// Finds the callback of a readable descriptor. The addon only knows the number of a watch. See src/watch.c.

import { constants } from "node:os";
import type { Addon } from "./addon.ts";
import { throwErrno } from "./errno.ts";
import type { Watch } from "./shim.ts";

interface Entry {
  readonly fd: number;
  readonly onReadable: () => void;
}

export interface Watches {
  open(fd: number, onReadable: () => void): Watch;
  /**
   * Closes the watch of `fd`. Call this before closing `fd`, because the number of a descriptor may be reused at once.
   */
  closeOf(fd: number): void;
}

export function makeWatches(addon: Pick<Addon, "watch" | "arm" | "disarm">): Watches {
  const entries = new Map<number, Entry>();
  const numbers = new Map<number, number>();
  let epoll: number | undefined;
  let last = 0;

  /** Calls the callback of a watch. Ignores an event that was pending when its watch was closed. */
  const onReadable = (number: number): void => {
    const entry = entries.get(number);
    if (entry === undefined) return;
    try {
      entry.onReadable();
    } finally {
      if (entries.has(number)) addon.arm(epoll ?? -1, entry.fd, number);
    }
  };

  const start = (): number => {
    const result = addon.watch(onReadable);
    return result < 0 ? throwErrno(result, "watch") : result;
  };

  const close = (number: number): void => {
    const entry = entries.get(number);
    if (entry === undefined) return;
    entries.delete(number);
    numbers.delete(entry.fd);
    addon.disarm(epoll ?? -1, entry.fd);
  };

  return {
    open(fd, callback) {
      if (numbers.has(fd)) throwErrno(-constants.errno.EEXIST, "watch");
      epoll ??= start();
      const number = ++last;
      const result = addon.arm(epoll, fd, number);
      if (result < 0) throwErrno(result, "epoll_ctl");
      entries.set(number, { fd, onReadable: callback });
      numbers.set(fd, number);
      return { close: () => close(number) };
    },
    closeOf(fd) {
      const number = numbers.get(fd);
      if (number !== undefined) close(number);
    },
  };
}
