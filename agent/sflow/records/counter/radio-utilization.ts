// Air time of a wireless interface, in milliseconds. See sFlow 802.11 Structures, "radio_utilization".

import { counter32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const radioUtilization = counterType("radio_utilization", 1002, {
  elapsed_time: counter32,
  on_channel_time: counter32,
  on_channel_busy_time: counter32,
});
