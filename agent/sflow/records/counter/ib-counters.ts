// An InfiniBand port. See sFlow InfiniBand Structures (draft 2), "ib_counters"; InfiniBand Architecture, PortCounters.

import { counter32, counter64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

const common = {
  PortXmitPkts: counter64,
  PortRcvPkts: counter64,
  SymbolErrorCounter: counter32,
  LinkErrorRecoveryCounter: counter32,
  LinkDownedCounter: counter32,
  PortRcvErrors: counter32,
  PortRcvRemotePhysicalErrors: counter32,
  PortRcvSwitchRelayErrors: counter32,
  PortXmitDiscards: counter32,
  PortXmitConstraintErrors: counter32,
  PortRcvConstraintErrors: counter32,
  LocalLinkIntegrityErrors: counter32,
  ExcessiveBufferOverrunErrors: counter32,
  VL15Dropped: counter32,
};

const draft = counterType("ib_counters", 9, common);
const withData = counterType("ib_counters", 9, { PortXmitData: counter64, PortRcvData: counter64, ...common });
const WITH_DATA_BYTES = 80;

/** The draft has no octets; some senders put them first. The length of the record tells. */
export const ibCounters: typeof withData = {
  ...withData,
  take: (cursor) => (cursor.left < WITH_DATA_BYTES ? draft : withData).take(cursor) as typeof withData.unknown,
};
