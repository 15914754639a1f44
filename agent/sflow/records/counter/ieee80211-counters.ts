// A wireless interface. See sFlow 802.11 Structures, "ieee80211_counters"; IEEE802dot11-MIB.

import { counter32, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const ieee80211Counters = counterType("ieee80211_counters", 6, {
  dot11TransmittedFragmentCount: counter32,
  dot11MulticastTransmittedFrameCount: counter32,
  dot11FailedCount: counter32,
  dot11RetryCount: counter32,
  dot11MultipleRetryCount: counter32,
  dot11FrameDuplicateCount: counter32,
  dot11RTSSuccessCount: counter32,
  dot11RTSFailureCount: counter32,
  dot11ACKFailureCount: counter32,
  dot11ReceivedFragmentCount: counter32,
  dot11MulticastReceivedFrameCount: counter32,
  dot11FCSErrorCount: counter32,
  dot11TransmittedFrameCount: counter32,
  dot11WEPUndecryptableCount: counter32,
  dot11QoSDiscardedFragmentCount: counter32,
  dot11AssociatedStationCount: uint32,
  dot11QoSCFPollsReceivedCount: counter32,
  dot11QoSCFPollsUnusedCount: counter32,
  dot11QoSCFPollsUnusableCount: counter32,
  dot11QoSCFPollsLostCount: counter32,
});
