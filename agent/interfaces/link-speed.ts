// Speed and duplex of a link, which netlink's route family does not know. /sys/class/net/X/speed and duplex,
// sysfs-class-net.

import type { Files } from "../host/host.ts";
import type { Adaptor } from "./adaptor.ts";

export type LinkSpeed = Pick<Adaptor, "speed" | "duplex">;

/** SPEED_UNKNOWN is -1, which drivers and older kernels show in 16 and in 32 bits. */
const UNKNOWN = new Set([-1, 0xffff, 0xffff_ffff]);
const MEGABIT = 1_000_000;

/**
 * Asks the driver, under a lock that all of networking shares: where links are found and where they change, and never
 * while counters are read. A link that is down has neither.
 */
export function readLinkSpeed(files: Files, name: string): LinkSpeed {
  const megabits = Number.parseInt(files.read(`/sys/class/net/${name}/speed`) ?? "", 10);
  const duplex = files.read(`/sys/class/net/${name}/duplex`)?.trim();
  return {
    speed: megabits > 0 && !UNKNOWN.has(megabits) ? megabits * MEGABIT : 0,
    duplex: duplex === "full" || duplex === "half" ? duplex : "unknown",
  };
}
