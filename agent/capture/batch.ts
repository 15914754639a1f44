// How many packets make a batch, and the slots of engines that fill it themselves.

import type { Layout } from "../../native-shim/shim.ts";

/** A batch takes what one system call brings; larger ones gain nothing that was measurable. */
export const BATCH_SLOTS = 256;

/** Of batches filled in TypeScript; those of the addon have a layout of their own. */
export const SOFTWARE_LAYOUT: Layout = {
  slotWords: 12,
  length: 0,
  wireLength: 1,
  offset: 2,
  interfaceIndex: 3,
  protocol: 4,
  hardwareType: 5,
  packetType: 6,
  seconds: 7,
  nanoseconds: 8,
  vlanTci: 9,
  vlanTpid: 10,
  flags: 11,
  vlanValid: 1,
  truncated: 2,
};
