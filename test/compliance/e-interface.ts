// E, interfaces against the kernel: counters of /proc/net/dev, state of /sys/class/net.

import type { DecodedCounter } from "../../agent/sflow/decode/values.ts";
import { recordOf } from "../../agent/sflow/decode.ts";
import type { RecordType } from "../../agent/sflow/record.ts";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import type { ValueOf } from "../../agent/xdr/type.ts";
import { compare, counter32, counter64 } from "./against-kernel.ts";
import { counterMiss, valuesAround } from "./bracket.ts";
import { type Check, check, type Evidence, each, eachOf, type Find } from "./check.ts";
import { netDev } from "./kernel-text.ts";
import type { PlacedCounters } from "./stream.ts";
import { type Link, linksOf, type Snapshot } from "./truth.ts";

type Interface = ValueOf<typeof ifCounters>;

const interfaces = ({ stream }: Evidence): readonly PlacedCounters[] =>
  stream.counters.filter(({ sample }) => sample.source.class === 0);

const linkOf = (snapshot: Snapshot | undefined, { sample }: PlacedCounters): Link | undefined =>
  linksOf(snapshot).find(({ ifIndex }) => ifIndex === sample.source.index);

const device =
  (column: string) =>
  (snapshot: Snapshot, sample: PlacedCounters): number =>
    netDev(snapshot)
      .get(linkOf(snapshot, sample)?.name ?? "")
      ?.get(column) ?? Number.NaN;

const COUNTERS = [
  counter64("ifInOctets", device("rx_bytes")),
  counter64("ifOutOctets", device("tx_bytes")),
  counter32("ifInErrors", device("rx_errs")),
  counter32("ifOutErrors", device("tx_errs")),
  counter32("ifInDiscards", device("rx_drop")),
  counter32("ifOutDiscards", device("tx_drop")),
];

const PACKETS = [
  ["In", "rx_packets"],
  ["Out", "tx_packets"],
] as const;

/** Unicast, multicast and broadcast add up to the kernel's packets. Unavailable counters are left out. */
function packetSums(evidence: Evidence): string[] | undefined {
  const { truth } = evidence;
  if (truth === undefined) return undefined;
  return eachRecord(evidence, ifCounters, (value, placed) =>
    PACKETS.map(([way, column]) => {
      const kinds = [value[`if${way}UcastPkts`], value[`if${way}MulticastPkts`], value[`if${way}BroadcastPkts`]];
      const all = kinds.reduce<number>((sum, kind = 0) => sum + kind, 0) % 0x1_0000_0000;
      const miss = counterMiss(
        all,
        valuesAround(truth, placed.seen.time, (now) => device(column)(now, placed)),
        32,
      );
      return miss && `packets ${way.toLowerCase()}: ${miss}`;
    }).find((miss) => miss !== undefined),
  );
}

/** Judges the record in every sample of an interface that has it. */
function eachRecord<T>(
  evidence: Evidence,
  type: RecordType<"counter_data", T>,
  judge: (value: T, placed: PlacedCounters) => string | undefined,
): string[] | undefined {
  return eachOf(interfaces(evidence), (placed) => {
    const value = recordOf<T>(placed.sample.records as readonly DecodedCounter[], type);
    const wrong = value === undefined ? undefined : judge(value, placed);
    return wrong && `${placed.name} ${placed.source}: ${wrong}`;
  });
}

/** A property of the link: valid where any snapshot around the time agrees. */
const fact =
  (what: string, exported: (value: Interface) => number, read: (link: Link) => number | undefined): Find =>
  (evidence) => {
    const { truth } = evidence;
    if (truth === undefined) return undefined;
    return eachRecord(evidence, ifCounters, (value, placed) => {
      const facts = truth.around(placed.seen.time, evidence.expect.polling + 1.2).map((now) => linkOf(now, placed));
      const known = facts
        .filter((link) => link !== undefined)
        .map(read)
        .filter((truthful) => truthful !== undefined);
      const said = exported(value);
      return known.length === 0 || known.includes(said) ? undefined : `${what} ${said}, the kernel says ${known[0]}`;
    });
  };

const IFF_UP = 0x1;
const IFF_RUNNING = 0x40;
const IFF_PROMISC = 0x100;
const ARPHRD_LOOPBACK = 772;

const isUp = ({ flags }: Link): boolean => (flags & IFF_UP) !== 0;
/** Loopback and tun report no carrier: unknown while they run. */
const operates = ({ operstate, flags }: Link): boolean =>
  operstate === "up" || (operstate === "unknown" && (flags & (IFF_UP | IFF_RUNNING)) !== 0);

const DIRECTION: Readonly<Record<string, number>> = { full: 1, half: 2 };

/** ifType by ARPHRD_*: loopback, tunnels of bare IP, and all that behave like Ethernet. */
function typesOf({ type }: Link): readonly number[] {
  if (type === ARPHRD_LOOPBACK) return [24];
  return type === 1 ? [6, 53, 71, 135, 161, 209] : [1, 23, 131, 199];
}

export const interfaceState: readonly Check[] = [
  check("E-06", "M", "ifIndex is the data source's", (evidence) =>
    eachRecord(evidence, ifCounters, ({ ifIndex }, { sample }) =>
      ifIndex === sample.source.index ? undefined : `ifIndex ${ifIndex}`,
    ),
  ),
  check("E-07", "M", "octets, errors and discards are the kernel's", (evidence) =>
    compare(evidence, interfaces(evidence), ifCounters, COUNTERS),
  ),
  check("E-08", "M", "kinds of packets add up to the kernel's", packetSums),
  check(
    "E-09",
    "M",
    "ifStatus is the state of the link",
    fact(
      "ifStatus",
      ({ ifStatus }) => ifStatus,
      (link) => (isUp(link) ? 1 : 0) + (operates(link) ? 2 : 0),
    ),
  ),
  check(
    "E-10",
    "S",
    "ifSpeed is the link's",
    fact(
      "ifSpeed",
      ({ ifSpeed }) => Number(ifSpeed),
      ({ speed }) => (speed > 0 ? speed * 1e6 : undefined),
    ),
  ),
  check(
    "E-11",
    "S",
    "ifDirection is the link's duplex",
    fact(
      "ifDirection",
      ({ ifDirection }) => ifDirection,
      ({ duplex }) => DIRECTION[duplex] ?? 0,
    ),
  ),
  check("E-12", "S", "ifType is the kind of the link", (evidence) => {
    const { truth } = evidence;
    if (truth === undefined) return undefined;
    return eachRecord(evidence, ifCounters, ({ ifType }, placed) => {
      const link = linkOf(truth.snapshots.at(-1), placed);
      return link === undefined || typesOf(link).includes(ifType)
        ? undefined
        : `ifType ${ifType} of ARPHRD ${link.type}`;
    });
  }),
  check(
    "E-13",
    "M",
    "ifPromiscuousMode is the link's",
    fact(
      "ifPromiscuousMode",
      ({ ifPromiscuousMode }) => ifPromiscuousMode,
      ({ flags }) => (flags & IFF_PROMISC ? 1 : 0),
    ),
  ),
  check("E-14", "M", "port_name is the kernel's name", (evidence) => {
    const { truth } = evidence;
    if (truth === undefined) return undefined;
    return eachRecord(evidence, portName, ({ name }, placed) => {
      const names = truth
        .around(placed.seen.time, evidence.expect.polling + 1.2)
        .map((now) => linkOf(now, placed)?.name);
      return names.length === 0 || names.includes(name) ? undefined : `${name}, the kernel says ${names[0]}`;
    });
  }),
  check("E-15", "M", "ethernet_counters come from Ethernet only", (evidence) => {
    const { truth } = evidence;
    if (truth === undefined) return undefined;
    return each(interfaces(evidence), (placed) => {
      const type = linkOf(truth.snapshots.at(-1), placed)?.type;
      const has = placed.sample.records.some(({ format }) => format === 2);
      return has && type !== undefined && type !== 1 && `${placed.name} ${placed.source}: ARPHRD ${type}`;
    });
  }),
  check("E-19", "S", "every interface that operates is exported, but for loopback", (evidence) => {
    const { truth } = evidence;
    if (truth === undefined) return undefined;
    const exported = new Set(interfaces(evidence).map(({ sample }) => sample.source.index));
    const expected = truth.interfaces().filter((link) => link.type !== ARPHRD_LOOPBACK && isUp(link) && operates(link));
    return each(expected, ({ name, ifIndex }) => !exported.has(ifIndex) && `${name} (${ifIndex}) has no counters`);
  }),
];
