// The line about an interface: rates in and out, errors and drops since the previous sample, state and speed.

import { isDeepStrictEqual } from "node:util";
import type { DecodedCountersSample } from "../../sflow/decode/values.ts";
import { recordOf } from "../../sflow/decode.ts";
import { ifCounters } from "../../sflow/records/counter/if-counters.ts";
import { portName } from "../../sflow/records/counter/port-name.ts";
import type { ValueOf } from "../../xdr/type.ts";
import { growth32, growth64, sum } from "./delta.ts";
import type { Timed } from "./timed.ts";
import { bitsPerSecond, bytes, packetsPerSecond } from "./units.ts";

type Interface = ValueOf<typeof ifCounters>;
type Samples = Timed<DecodedCountersSample>;

export const interfaceName = ({ records }: DecodedCountersSample): string | undefined =>
  recordOf(records, portName)?.name;

/** Returns undefined if the sample is not about an interface. */
export function interfaceLine(now: Samples, before: Samples | undefined): string | undefined {
  const current = recordOf(now.sample.records, ifCounters);
  if (current === undefined) return undefined;
  const past = before && recordOf(before.sample.records, ifCounters);
  const seconds = before ? (now.uptime - before.uptime) / 1000 : 0;
  const moved = past && seconds > 0 ? rates(current, past, seconds) : totals(current);
  return [...moved, state(current)].join("   ");
}

/** Tells whether nothing happened on the interface since the sample before. */
export function isIdle(now: Samples, before: Samples | undefined): boolean {
  const [current, past] = [now, before].map((samples) => samples && recordOf(samples.sample.records, ifCounters));
  if (current === undefined || past === undefined) return false;
  return isDeepStrictEqual(current, past);
}

function rates(now: Interface, before: Interface, seconds: number): string[] {
  const way = (name: "In" | "Out") => {
    const octets = growth64(now[`if${name}Octets`], before[`if${name}Octets`]) ?? 0;
    const packets = sum(
      growth32(now[`if${name}UcastPkts`], before[`if${name}UcastPkts`]),
      growth32(now[`if${name}MulticastPkts`], before[`if${name}MulticastPkts`]),
      growth32(now[`if${name}BroadcastPkts`], before[`if${name}BroadcastPkts`]),
    );
    return `${bitsPerSecond((octets * 8) / seconds)} ${packetsPerSecond((packets ?? 0) / seconds)}`;
  };
  const errors = sum(growth32(now.ifInErrors, before.ifInErrors), growth32(now.ifOutErrors, before.ifOutErrors));
  const drops = sum(growth32(now.ifInDiscards, before.ifInDiscards), growth32(now.ifOutDiscards, before.ifOutDiscards));
  return [`in ${way("In")}`, `out ${way("Out")}`, `errors ${errors ?? "?"}`, `drops ${drops ?? "?"}`];
}

/** Formats the first sample of an interface: the totals since the interface was created. */
const totals = (now: Interface): string[] => [
  `in ${bytes(now.ifInOctets ?? 0)} so far`,
  `out ${bytes(now.ifOutOctets ?? 0)} so far`,
];

const ADMINISTRATIVE = 1;
const OPERATIONAL = 2;

function state({ ifStatus, ifSpeed }: Interface): string {
  if ((ifStatus & ADMINISTRATIVE) === 0) return "off";
  if ((ifStatus & OPERATIONAL) === 0) return "no link";
  return Number(ifSpeed) > 0 ? `up, ${bitsPerSecond(Number(ifSpeed))}` : "up";
}
