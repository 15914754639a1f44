// Errors that a token ring interface counts. See sFlow v5, section 5 "tokenring_counters"; RFC 1748.

import { counter32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const tokenringCounters = counterType("tokenring_counters", 3, {
  dot5StatsLineErrors: counter32,
  dot5StatsBurstErrors: counter32,
  dot5StatsACErrors: counter32,
  dot5StatsAbortTransErrors: counter32,
  dot5StatsInternalErrors: counter32,
  dot5StatsLostFrameErrors: counter32,
  dot5StatsReceiveCongestions: counter32,
  dot5StatsFrameCopiedErrors: counter32,
  dot5StatsTokenErrors: counter32,
  dot5StatsSoftErrors: counter32,
  dot5StatsHardErrors: counter32,
  dot5StatsSignalLoss: counter32,
  dot5StatsTransmitBeacons: counter32,
  dot5StatsRecoverys: counter32,
  dot5StatsLobeWires: counter32,
  dot5StatsRemoves: counter32,
  dot5StatsSingles: counter32,
  dot5StatsFreqErrors: counter32,
});
