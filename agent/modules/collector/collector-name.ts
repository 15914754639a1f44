// What the log, `status` and `doctor` call a collector: by what the file says of it, not by the address a name has.

import type { CollectorConfig } from "./config.ts";

/** `192.0.2.1:6343`, `[2001:db8::1]:6343`. */
export const collectorName = ({ ip, udpport }: CollectorConfig): string =>
  ip.includes(":") ? `[${ip}]:${udpport}` : `${ip}:${udpport}`;
