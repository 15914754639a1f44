// Counters of interfaces, read one by one or all at once, whichever is less work. See rtnetlink(7), "RTM_GETSTATS".

import type { Clock, Files } from "../host/host.ts";
import { type LinkStats, readLinkStats } from "../netlink/link-stats.ts";
import type { Message } from "../netlink/message.ts";
import { statsRequest } from "../netlink/route.ts";
import { parseNetDev } from "../proc/net-dev.ts";
import { Errno } from "../sockets/errno.ts";
import type { NetlinkSocket } from "../sockets/netlink-socket.ts";

export type ReadLinkCounters = (index: number) => LinkStats | undefined;

/** Milliseconds for which a reading is used again, so that samples of the same moment have the same counters. */
const MOST_AGE = 100;
/**
 * After this many requests for single interfaces within 100 ms, all interfaces are read at once. Usually only one or
 * two of a thousand interfaces are polled at the same moment, but at the start all of them are.
 */
const MOST_SINGLE = 8;

export interface StatsCounters {
  statsAsked: number;
  statsDumped: number;
  statsFailed: number;
}

export function makeLinkCounters(socket: NetlinkSocket, clock: Clock, counters: StatsCounters): ReadLinkCounters {
  const readings = new Map<number, { readonly at: number; readonly values: LinkStats }>();
  let since = Number.NEGATIVE_INFINITY;
  let single = 0;

  function ask(index: number, now: number): void {
    const take = (message: Message): void => {
      const stats = readLinkStats(message);
      if (stats !== undefined) readings.set(stats[0], { at: now, values: stats[1] });
    };
    if (index === 0) readings.clear();
    const errno = socket.ask((sequence) => statsRequest(sequence, index), take);
    if (errno === 0 || errno === Errno.again) return;
    if (errno !== Errno.noDevice) counters.statsFailed++;
    readings.delete(index);
  }

  return (index) => {
    const now = clock.uptime();
    const reading = readings.get(index);
    if (reading !== undefined && now - reading.at < MOST_AGE) return reading.values;
    if (now - since >= MOST_AGE) {
      since = now;
      single = 0;
    }
    const all = single++ === MOST_SINGLE;
    if (all) counters.statsDumped++;
    else counters.statsAsked++;
    ask(all ? 0 : index, now);
    const answer = readings.get(index);
    return answer?.at === now ? answer.values : undefined;
  };
}

/** Reads the same counters from /proc/net/dev, which has interfaces by name only. */
export function makeDeviceCounters(
  files: Files,
  clock: Clock,
  nameOf: (index: number) => string | undefined,
): ReadLinkCounters {
  let at = Number.NEGATIVE_INFINITY;
  let devices = parseNetDev("");
  return (index) => {
    if (clock.uptime() - at >= MOST_AGE) {
      at = clock.uptime();
      devices = parseNetDev(files.read("/proc/net/dev") ?? "");
    }
    const device = devices.get(nameOf(index) ?? "");
    return device === undefined ? undefined : { ...device, rx_missed_errors: 0 };
  };
}
