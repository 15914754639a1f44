// The types of the fields of rtmetric and rtflow samples of InMon. There is no specification: the format is that of
// mod_json of host-sflow and of sflowtool.

import { counter32, counter64, double, float, int32, string, type Type, uint32, uint64 } from "../xdr/type.ts";
import { ipv4, ipv6, mac } from "./scalar.ts";

const text = string();

export interface FieldType {
  /** The name that decoders print. */
  readonly name: string;
  readonly codec: Type<unknown>;
}

const field = (name: string, codec: Type<unknown>): FieldType => ({ name, codec });

/** The types of metrics, by their number on the wire. */
export const metricTypes: readonly FieldType[] = [
  field("string", text),
  field("counter32", counter32),
  field("counter64", counter64),
  field("gauge32", uint32),
  field("gauge64", uint64),
  field("gaugefloat", float),
  field("gaugefloat", double),
];

/** The types of flow fields, by their number on the wire. */
export const customFlowTypes: readonly FieldType[] = [
  field("string", text),
  field("mac", mac),
  field("ip", ipv4),
  field("ip6", ipv6),
  field("int32", int32),
  field("int64", uint64),
  field("gaugefloat", float),
  field("gaugefloat", double),
];

/** A field of InMon's custom metrics and flows, which carries its name and type. */
export interface CustomField {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}
