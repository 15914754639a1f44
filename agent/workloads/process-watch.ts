// Notifies the agent within milliseconds when a process ends. See pidfd_open(2).

import type { Host } from "../host/host.ts";

export interface ProcessWatch {
  close(): void;
}

/** Returns "gone" if the process no longer exists. Returns undefined if the kernel cannot or may not open a pidfd. */
export function watchProcess(
  sockets: Host["sockets"],
  pid: number,
  onEnd: () => void,
): ProcessWatch | "gone" | undefined {
  try {
    const fd = sockets.pidfd(pid);
    sockets.watch(fd, onEnd);
    return { close: () => sockets.close(fd) };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH" ? "gone" : undefined;
  }
}
