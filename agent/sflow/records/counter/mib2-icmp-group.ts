// ICMP of a host. Unlike MIB-II, the structure has no InTimestampReps. See sFlow Host Structures, "mib2_icmp_group";
// RFC 1213.

import { counter32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const mib2IcmpGroup = counterType("mib2_icmp_group", 2008, {
  icmpInMsgs: counter32,
  icmpInErrors: counter32,
  icmpInDestUnreachs: counter32,
  icmpInTimeExcds: counter32,
  icmpInParamProbs: counter32,
  icmpInSrcQuenchs: counter32,
  icmpInRedirects: counter32,
  icmpInEchos: counter32,
  icmpInEchoReps: counter32,
  icmpInTimestamps: counter32,
  icmpInAddrMasks: counter32,
  icmpInAddrMaskReps: counter32,
  icmpOutMsgs: counter32,
  icmpOutErrors: counter32,
  icmpOutDestUnreachs: counter32,
  icmpOutTimeExcds: counter32,
  icmpOutParamProbs: counter32,
  icmpOutSrcQuenchs: counter32,
  icmpOutRedirects: counter32,
  icmpOutEchos: counter32,
  icmpOutEchoReps: counter32,
  icmpOutTimestamps: counter32,
  icmpOutTimestampReps: counter32,
  icmpOutAddrMasks: counter32,
  icmpOutAddrMaskReps: counter32,
});
