// A virtual desktop service. See the sFlow.org structure number registry, "vdi_counters".

import { counter32, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const vdiCounters = counterType("vdi_counters", 2205, {
  sessions_current: uint32,
  sessions_total: counter32,
  /** Duration in seconds. */
  sessions_duration: counter32,
  rx_bytes: counter32,
  tx_bytes: counter32,
  rx_packets: counter32,
  tx_packets: counter32,
  rx_packets_lost: counter32,
  tx_packets_lost: counter32,
  rtt_min_ms: uint32,
  rtt_max_ms: uint32,
  rtt_avg_ms: uint32,
  audio_rx_bytes: counter32,
  audio_tx_bytes: counter32,
  /** Limits in bit/s. */
  audio_tx_limit: uint32,
  img_rx_bytes: counter32,
  img_tx_bytes: counter32,
  img_frames: counter32,
  /** Image quality, 0 to 100. */
  img_qual_min: uint32,
  img_qual_max: uint32,
  img_qual_avg: uint32,
  usb_rx_bytes: counter32,
  usb_tx_bytes: counter32,
});
