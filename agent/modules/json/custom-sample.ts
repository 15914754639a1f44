// Reads rtmetric and rtflow of a message: fields with a name and a type of their own.

import type { CustomField } from "../../sflow/custom-types.ts";
import type { JsonObject } from "./document.ts";
import { Fault, showValue } from "./fault.ts";
import { Shape, within } from "./shape.ts";
import { badValue, float, ipAddress, macAddress, object, type Read, text, whole } from "./values.ts";

export interface Metrics {
  /** Empty if the message has none. */
  readonly dataSource: string;
  readonly fields: readonly CustomField[];
}

export interface CustomFlow extends Metrics {
  readonly samplingRate: number;
}

const MOST_64 = 2n ** 64n - 1n;
const LONGEST_TEXT = 255;

function shortText(value: unknown): string {
  const found = text(value);
  if (Buffer.byteLength(found) > LONGEST_TEXT) throw badValue(`a string of at most ${LONGEST_TEXT} bytes`, value);
  return found;
}

/** The types by name. Their place in the table is their number on the wire. */
type Types = Readonly<Record<string, Read>>;

const METRICS: Types = {
  string: shortText,
  counter32: whole(0, 0xffff_ffff),
  counter64: whole(0, MOST_64),
  gauge32: whole(0, 0xffff_ffff),
  gauge64: whole(0, MOST_64),
  gaugeFloat: float(true),
  gaugeDouble: float(false),
};

/** Integers of flows may have a sign or not, because hsflowd writes the same bits for both. */
const FLOW: Types = {
  string: shortText,
  mac: macAddress,
  ip: ipAddress(4),
  ip6: ipAddress(16),
  int32: whole(-0x8000_0000, 0xffff_ffff),
  int64: whole(-(2n ** 63n), MOST_64),
  float: float(true),
  double: float(false),
};

const NAME = /^[\w-]{1,64}$/;
const pair = new Shape({ type: text, value: (value) => value });

function readName(name: string, what: string): string {
  if (!NAME.test(name)) throw new Fault("BadName", `expected ${what} of 1 to 64 letters, digits, _ or -`);
  return name;
}

function dataSourceOf(value: unknown): string {
  const name = text(value);
  if (/^\d/.test(name)) throw new Fault("BadName", `expected a name that begins with a letter, got ${showValue(name)}`);
  return name === "" ? "" : readName(name, "a name");
}

function readField(types: Types, names: readonly string[], name: string, given: unknown): CustomField {
  readName(name, "a name of a field");
  const { type, value } = pair.read(object(given));
  if (type === undefined) throw new Fault("Missing", "expected type");
  if (value === undefined) throw new Fault("Missing", "expected value");
  const number = names.indexOf(type as string);
  if (number < 0) throw new Fault("UnknownType", `expected a type of ${names.join(", ")}, got ${showValue(type)}`);
  return { name, type: number, value: within("value", types[type as string] as Read, value) };
}

/** Reads all keys as fields, except `others`. */
function readFields(types: Types, given: JsonObject, others: readonly string[]): CustomField[] {
  const names = Object.keys(types);
  const fields = Object.keys(given).filter((key) => !others.includes(key.toLowerCase()));
  if (fields.length === 0) throw new Fault("Missing", "expected a field");
  return fields.map(
    (name) => within(name, (value) => readField(types, names, name, value), given[name]) as CustomField,
  );
}

const metricsHead = new Shape({ datasource: dataSourceOf });
const flowHead = new Shape({ datasource: dataSourceOf, sampling_rate: whole(0, 0xffff_ffff, true) });

export function readMetrics(value: unknown): Metrics {
  const given = object(value);
  const { datasource = "" } = metricsHead.read(given);
  return { dataSource: datasource as string, fields: readFields(METRICS, given, ["datasource"]) };
}

export function readCustomFlow(value: unknown): CustomFlow {
  const given = object(value);
  const { datasource = "", sampling_rate: rate = 1 } = flowHead.read(given);
  const fields = readFields(FLOW, given, ["datasource", "sampling_rate"]);
  return { dataSource: datasource as string, samplingRate: (rate as number) || 1, fields };
}
