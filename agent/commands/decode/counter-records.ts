// Rules for counter records that a list of keys cannot describe: lists, bit-packed states, identifiers with a text
// form.

import { hostAdapters } from "../../sflow/records/counter/host-adapters.ts";
import { hostDescr } from "../../sflow/records/counter/host-descr.ts";
import { lagPortStats } from "../../sflow/records/counter/lag-port-stats.ts";
import { ofPort } from "../../sflow/records/counter/of-port.ts";
import { sfp } from "../../sflow/records/counter/sfp.ts";
import type { ValueOf } from "../../xdr/type.ts";
import { keyedPairs } from "./keys.ts";
import { hex, type Pair, pair, uuidText } from "./pair.ts";
import { type Rule, rule } from "./rule.ts";

/** Returns flat keys for text and a nested list for JSON, as sflowtool prints them. */
function adapterPairs({ adapters }: ValueOf<typeof hostAdapters>): Pair[] {
  const flat = adapters.flatMap(({ ifIndex, mac_address }, i) => [
    pair(`adaptor_${i}_ifIndex`, ifIndex),
    pair(`adaptor_${i}_MACs`, mac_address.length),
    ...mac_address.map((mac, j) => pair(`adaptor_${i}_MAC_${j}`, hex(mac))),
  ]);
  const nested = adapters.map(({ ifIndex, mac_address }) => ({
    ifIndex,
    MACs: mac_address.length,
    mac_list: mac_address.map(hex),
  }));
  return [...flat.map(textOnly), { key: "adaptor_list", json: nested }];
}

const textOnly = ({ key, text = "" }: Pair): Pair => ({ key, text });

function descrPairs(value: ValueOf<typeof hostDescr>): Pair[] {
  const uuid = pair("UUID", uuidText(value.uuid));
  return keyedPairs(hostDescr, value, {}).map((shown) => (shown.key === "uuid" ? uuid : shown));
}

/** Returns sflowtool's key: `unknownRx` for `dot3adAggPortStatsUnknownRx`. A key with LACP keeps its capitals. */
function lagKey(field: string): string {
  const short = field.replace(/^dot3adAggPort(Stats)?/, "").replace("PartnerOper", "Partner");
  return short.startsWith("LACP") ? short : short.charAt(0).toLowerCase() + short.slice(1);
}

const STATES = ["actorAdminPortState", "actorOperPortState", "partnerAdminPortState", "partnerOperPortState"];

function lagPairs(value: ValueOf<typeof lagPortStats>): Pair[] {
  const states = STATES.map((key, i) => pair(key, value.dot3adAggPortState[i] as number));
  return keyedPairs(lagPortStats, value, {}).flatMap((shown) =>
    shown.key === "dot3adAggPortState" ? states : [{ ...shown, key: lagKey(shown.key) }],
  );
}

const openFlowPairs = ({ datapath_id, port_no }: ValueOf<typeof ofPort>): Pair[] => [
  pair("openflow_datapath_id", BigInt(datapath_id).toString(16).padStart(16, "0")),
  pair("openflow_port", port_no),
];

const LANE_UNITS: Readonly<Record<string, string>> = {
  current: "_uA",
  power: "_uW",
  min: "_uW",
  max: "_uW",
  wavelength: "_nM",
};

const laneKey = (field: string): string => `sfp_lane_${field}${LANE_UNITS[field.split("_").at(-1) ?? ""] ?? ""}`;

function sfpPairs(value: ValueOf<typeof sfp>): Pair[] {
  const lanes = value.module_lanes.map((lane) =>
    Object.entries(lane).map(([field, figure]) => pair(laneKey(field), figure)),
  );
  return [
    pair("sfp_module_id", value.module_id),
    pair("sfp_module_total_lanes", value.module_num_lanes),
    pair("sfp_module_supply_voltage", value.module_supply_voltage),
    pair("sfp_module_temperature", value.module_temperature),
    pair("sfp_module_active_lanes", lanes.length),
    ...lanes.flatMap((lane, i) => lane.map(({ key, text = "" }) => ({ key: `${key}.${i}`, text }))),
    {
      key: "sfp_lanes",
      json: lanes.map((lane) => Object.fromEntries(lane.map(({ key, json = null }) => [key, json]))),
    },
  ];
}

export const counterRules: readonly Rule[] = [
  rule(hostAdapters, adapterPairs),
  rule(hostDescr, descrPairs),
  rule(lagPortStats, lagPairs),
  rule(ofPort, openFlowPairs),
  rule(sfp, sfpPairs),
];
