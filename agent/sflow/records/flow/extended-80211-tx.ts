// The transmission of a wireless frame. sFlow 802.11 Structures, "extended_80211_tx".

import { string, uint32, uint64 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";
import { mac } from "../../scalar.ts";

export const extended80211Tx = flowType("extended_80211_tx", 1015, {
  ssid: string(32),
  bssid: mac,
  /** 1 a, 2 b, 3 g, 4 n. */
  version: uint32,
  /** The number of transmissions; 0 is unknown. */
  transmissions: uint32,
  /** Microseconds. */
  packet_duration: uint32,
  retrans_duration: uint32,
  channel: uint32,
  speed: uint64,
  /** mW. */
  power: uint32,
});
