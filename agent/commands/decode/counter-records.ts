// Rules for counter records that a list of keys cannot describe: lists, bit-packed states, identifiers with a text
// form.

import { bstPortBuffers } from "../../sflow/records/counter/bst-buffers.ts";
import { hostAdapters } from "../../sflow/records/counter/host-adapters.ts";
import { hostDescr } from "../../sflow/records/counter/host-descr.ts";
import { lagPortStats } from "../../sflow/records/counter/lag-port-stats.ts";
import { ofPort } from "../../sflow/records/counter/of-port.ts";
import { sfp } from "../../sflow/records/counter/sfp.ts";
import { percentage, type ValueOf } from "../../xdr/type.ts";
import { keyedFields } from "./keys.ts";
import type { Pairs } from "./pairs.ts";
import { type Print, type Rule, rule } from "./rule.ts";
import { showOf } from "./typed.ts";

/** Prints flat keys as text and a nested list as JSON, as sflowtool does. */
const printAdapters: Print<ValueOf<typeof hostAdapters>> = (pairs, { adapters }) => {
  pairs.list("adaptor_list", adapters, ({ ifIndex, mac_address = [] }) => {
    pairs.number("ifIndex", ifIndex);
    pairs.number("MACs", mac_address.length);
    pairs.json("mac_list", mac_address.map(hex));
  });
  if (!pairs.flat) return;
  for (const [i, { ifIndex, mac_address = [] }] of (adapters ?? []).entries()) {
    pairs.number(`adaptor_${i}_ifIndex`, ifIndex);
    pairs.number(`adaptor_${i}_MACs`, mac_address.length);
    for (const [j, mac] of mac_address.entries()) pairs.hex(`adaptor_${i}_MAC_${j}`, mac);
  }
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Formats a UUID of any version and variant. See RFC 9562. */
const uuidText = (bytes: Uint8Array): string => hex(bytes).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");

const printDescr: Print<ValueOf<typeof hostDescr>> = (pairs, value) => {
  pairs.text("hostname", value.hostname);
  if (value.uuid !== undefined) pairs.word("UUID", uuidText(value.uuid));
  pairs.number("machine_type", value.machine_type);
  pairs.number("os_name", value.os_name);
  pairs.text("os_release", value.os_release);
};

/** Returns sflowtool's key: `unknownRx` for `dot3adAggPortStatsUnknownRx`. A key with LACP keeps its capitals. */
function lagKey(field: string): string {
  const short = field.replace(/^dot3adAggPort(Stats)?/, "").replace("PartnerOper", "Partner");
  return short.startsWith("LACP") ? short : short.charAt(0).toLowerCase() + short.slice(1);
}

const STATES = ["actorAdminPortState", "actorOperPortState", "partnerAdminPortState", "partnerOperPortState"];

const lagNames = Object.fromEntries(Object.keys(lagPortStats.fields).map((field) => [field, lagKey(field)]));
const lagFields = keyedFields(lagPortStats, { names: lagNames });

const printLag: Print<ValueOf<typeof lagPortStats>> = (pairs, { dot3adAggPortState: states, ...rest }) => {
  lagFields(pairs, rest);
  for (const [i, key] of STATES.entries()) pairs.number(key, states?.[i]);
};

const printOpenFlow: Print<ValueOf<typeof ofPort>> = (pairs, { datapath_id, port_no }) => {
  if (datapath_id !== undefined) pairs.word("openflow_datapath_id", BigInt(datapath_id).toString(16).padStart(16, "0"));
  pairs.number("openflow_port", port_no);
};

const LANE_UNITS: Readonly<Record<string, string>> = {
  current: "_uA",
  power: "_uW",
  min: "_uW",
  max: "_uW",
  wavelength: "_nM",
};

const laneKey = (field: string): string => `sfp_lane_${field}${LANE_UNITS[field.split("_").at(-1) ?? ""] ?? ""}`;

const printSfp: Print<ValueOf<typeof sfp>> = (pairs, value) => {
  pairs.number("sfp_module_id", value.module_id);
  pairs.number("sfp_module_total_lanes", value.module_num_lanes);
  pairs.number("sfp_module_supply_voltage", value.module_supply_voltage);
  pairs.number("sfp_module_temperature", value.module_temperature);
  pairs.number("sfp_module_active_lanes", value.module_lanes?.length);
  pairs.list("sfp_lanes", value.module_lanes, (lane) => {
    for (const [field, figure] of Object.entries(lane)) pairs.number(laneKey(field), figure);
  });
  if (!pairs.flat) return;
  for (const [i, lane] of (value.module_lanes ?? []).entries())
    for (const [field, figure] of Object.entries(lane)) pairs.number(`${laneKey(field)}.${i}`, figure);
};

/** Prints a percentage for each queue: `bst_port_egress_queue_uc_pc.0 12.50`. */
function printQueues(pairs: Pairs, key: string, queues: readonly (number | undefined)[] = []): void {
  if (pairs.flat) for (const [i, queue] of queues.entries()) showOf(percentage)(pairs, `${key}.${i}`, queue);
  else
    pairs.json(
      key,
      queues.map((queue) => (queue === undefined ? null : queue / 100)),
    );
}

const portFields = keyedFields(bstPortBuffers, { prefix: "bst_port_" });

const printPortBuffers: Print<ValueOf<typeof bstPortBuffers>> = (pairs, value) => {
  const { egress_queue_uc_pc, egress_queue_mc_pc, ...rest } = value;
  portFields(pairs, rest);
  printQueues(pairs, "bst_port_egress_queue_uc_pc", egress_queue_uc_pc);
  printQueues(pairs, "bst_port_egress_queue_mc_pc", egress_queue_mc_pc);
};

export const counterRules: readonly Rule[] = [
  rule(hostAdapters, printAdapters),
  rule(hostDescr, printDescr),
  rule(lagPortStats, printLag),
  rule(ofPort, printOpenFlow),
  rule(sfp, printSfp),
  rule(bstPortBuffers, printPortBuffers),
];
