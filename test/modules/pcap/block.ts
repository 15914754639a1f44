// A pcap { } block: its defaults, with the options that a test sets.

import type { PcapConfig } from "../../../agent/modules/pcap/config.ts";

export const block = (more: Partial<PcapConfig> = {}): PcapConfig => ({
  dev: undefined,
  "dev.pattern": undefined,
  dynamic: false,
  promisc: false,
  vport: undefined,
  speed: undefined,
  sampling: undefined,
  "sampling.limit": undefined,
  engine: "auto",
  ...more,
});
