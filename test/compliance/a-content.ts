// A, the content of records: padding, lengths, strings and addresses, each field by its table.

import { unmapped } from "../../agent/sflow/address.ts";
import { showFormat } from "../../agent/sflow/data-format.ts";
import { counterTypeOf, flowTypeOf } from "../../agent/sflow/records/catalog.ts";
import { Cursor, XdrError } from "../../agent/xdr/cursor.ts";
import { type Check, check, type Evidence } from "./check.ts";
import { type Leaf, leavesOf } from "./fields.ts";
import { type PlacedRecord, perStream } from "./stream.ts";

/** Records whose known fields end before the last revision of their table, as is allowed. */
const OLDER = new Map([
  [2003, 68],
  [2106, 100],
]);

function typeOf({ record, sample }: PlacedRecord) {
  const { kind } = sample as { kind: string };
  return kind === "counters" ? counterTypeOf(record.format) : flowTypeOf(record.format);
}

interface Opened {
  readonly name: string;
  readonly format: number;
  readonly length: number;
  readonly leaves: readonly Leaf[];
  readonly left: number;
  readonly broken: string | undefined;
}

/** The records that the catalog knows, with their fields as bytes. */
const open = perStream(({ records }) =>
  records.flatMap((placed): Opened[] => {
    const type = typeOf(placed);
    if (type === undefined) return [];
    const { format, bytes } = placed.record;
    const about = { name: `${placed.name} ${type.name}`, format, length: bytes.length };
    try {
      type.take(new Cursor(bytes));
      return [{ ...about, ...leavesOf(type, bytes), broken: undefined }];
    } catch (error) {
      if (!(error instanceof XdrError)) throw error;
      return [{ ...about, leaves: [], left: 0, broken: error.message }];
    }
  }),
);

/** Returns the messages of the fields that have one. */
function eachLeaf(evidence: Evidence, judge: (leaf: Leaf) => string | undefined | false): string[] | undefined {
  const records = open(evidence.stream);
  if (records.length === 0) return undefined;
  return records.flatMap(({ name, leaves }) =>
    leaves.flatMap((leaf) => {
      const message = judge(leaf);
      return message ? [`${name}.${leaf.path}: ${message}`] : [];
    }),
  );
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function judgeText(content: Uint8Array): string | undefined {
  try {
    return /\p{Cc}/u.test(utf8.decode(content)) ? "control characters" : undefined;
  } catch {
    return "not UTF-8";
  }
}

const limitOf = (type: string): number => Number(/^string<(\d+)>$/.exec(type)?.[1] ?? Number.POSITIVE_INFINITY);

const judgeSize = ({ format, length, left, broken }: Opened): string | undefined => {
  if (broken !== undefined) return broken;
  if (left > 0) return `${left} of ${length} bytes are behind the last field`;
  return OLDER.get(format) === length ? "an older revision, of fewer fields" : undefined;
};

export const content: readonly Check[] = [
  check("A-08", "M", "padding is zero", (evidence) =>
    eachLeaf(
      evidence,
      ({ padding }) => padding.some((byte) => byte !== 0) && `padding ${Buffer.from(padding).toString("hex")}`,
    ),
  ),
  check("A-09", "M", "each record holds what its format promises, and nothing else", (evidence) => {
    const records = open(evidence.stream);
    return records.flatMap((record) => {
      const wrong = judgeSize(record);
      return wrong === undefined ? [] : [`${record.name} (${showFormat(record.format)}): ${wrong}`];
    });
  }),
  check("A-14", "M", "no string is longer than its limit", (evidence) =>
    eachLeaf(
      evidence,
      ({ type, content: bytes }) => bytes.length > limitOf(type) && `${bytes.length} bytes in ${type}`,
    ),
  ),
  check("A-15", "P", "strings are whole UTF-8 without control characters", (evidence) =>
    eachLeaf(evidence, ({ type, content: bytes }) => (type.startsWith("string") ? judgeText(bytes) : undefined)),
  ),
  check("A-19", "P", "addresses in records have type 1 or 2", (evidence) =>
    eachLeaf(
      evidence,
      ({ type, addressType }) => type === "address" && addressType === 0 && "type 0, which most decoders stumble over",
    ),
  ),
  check("A-21", "S", "IPv4-mapped addresses are sent as IPv4", (evidence) =>
    eachLeaf(
      evidence,
      ({ type, content: bytes }) => type === "address" && unmapped(bytes).length < bytes.length && "IPv4-mapped",
    ),
  ),
];
