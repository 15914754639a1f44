// The transmission of a wireless frame. See sFlow 802.11 Structures, "extended_80211_tx".

import { string, uint32, uint64 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";
import { mac } from "../../scalar.ts";

export const extended80211Tx = flowType("extended_80211_tx", 1015, {
  ssid: string(32),
  bssid: mac,
  /** The 802.11 standard: 1 is a, 2 is b, 3 is g, 4 is n. */
  version: uint32,
  /** The number of transmissions; 0 means unknown. */
  transmissions: uint32,
  /** Duration in microseconds. */
  packet_duration: uint32,
  retrans_duration: uint32,
  channel: uint32,
  speed: uint64,
  /** Transmit power in mW. */
  power: uint32,
});
