// Packets that a switch handled in software, by the reason. See the sFlow.org structure number registry.

import { counter32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const slowPathCounts = counterType("slow_path_counts", 8, {
  unknown: counter32,
  other: counter32,
  cam_miss: counter32,
  cam_full: counter32,
  no_hw_support: counter32,
  cntrl: counter32,
});
