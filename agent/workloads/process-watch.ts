// Tells when a process ends, within milliseconds. pidfd_open(2).

import type { Host } from "../host/host.ts";

export interface ProcessWatch {
  close(): void;
}

/** Returns undefined where the kernel has no pidfds or refuses one. */
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
