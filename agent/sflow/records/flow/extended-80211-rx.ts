// The reception of a wireless frame. See sFlow 802.11 Structures, "extended_80211_rx".

import { string, uint32, uint64 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";
import { mac } from "../../scalar.ts";

export const extended80211Rx = flowType("extended_80211_rx", 1014, {
  ssid: string(32),
  bssid: mac,
  /** The 802.11 standard: 1 is a, 2 is b, 3 is g, 4 is n. */
  version: uint32,
  channel: uint32,
  speed: uint64,
  rsni: uint32,
  rcpi: uint32,
  /** Duration in microseconds. */
  packet_duration: uint32,
});
