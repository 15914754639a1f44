// Speed and duplex of an interface, from /sys/class/net/X because rtnetlink does not have them. See sysfs-class-net.

import type { Files } from "../host/host.ts";
import type { Adaptor } from "./adaptor.ts";

export type LinkSpeed = Pick<Adaptor, "speed" | "duplex">;

/** SPEED_UNKNOWN, -1. Some drivers and older kernels show -1 as an unsigned number of 16 or 32 bits. */
const UNKNOWN = new Set([-1, 0xffff, 0xffff_ffff]);
const MEGABIT = 1_000_000;

/**
 * Reads speed and duplex. The kernel asks the driver under a lock that all of networking shares, so call this when an
 * interface is added or changes, never when counters are read. An interface that is down has no speed and duplex.
 */
export function readLinkSpeed(files: Files, name: string): LinkSpeed {
  const megabits = Number.parseInt(files.read(`/sys/class/net/${name}/speed`) ?? "", 10);
  const duplex = files.read(`/sys/class/net/${name}/duplex`)?.trim();
  return {
    speed: megabits > 0 && !UNKNOWN.has(megabits) ? megabits * MEGABIT : 0,
    duplex: duplex === "full" || duplex === "half" ? duplex : "unknown",
  };
}
