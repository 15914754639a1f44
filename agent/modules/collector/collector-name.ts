// The name of a collector in the log, in `status` and in `doctor`: as in the file, not the resolved address.

import type { CollectorConfig } from "./config.ts";

/** Returns `192.0.2.1:6343` or `[2001:db8::1]:6343`. */
export const collectorName = ({ ip, udpport }: CollectorConfig): string =>
  ip.includes(":") ? `[${ip}]:${udpport}` : `${ip}:${udpport}`;
