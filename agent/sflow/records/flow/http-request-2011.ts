// One HTTP request, in the two layouts that preceded `http_request` under one number. Deprecated. See sFlow HTTP
// Structures (2011) and the sFlow mailing list.

import { Cursor, XdrError } from "../../../xdr/cursor.ts";
import { int32, string, uint32, uint64 } from "../../../xdr/type.ts";
import { flowType, type RecordType } from "../../record.ts";

/** The layout that sflowtool reads. */
const published = flowType("http_request_2011", 2201, {
  method: uint32,
  /** Major version * 1000 + minor version. */
  protocol: uint32,
  uri: string(255),
  host: string(64),
  referer: string(255),
  useragent: string(128),
  authuser: string(32),
  "mime-type": string(64),
  resp_bytes: uint64,
  /** Duration in microseconds. */
  uS: uint32,
  status: int32,
});

/** The layout of the mailing list, which has no protocol. */
const proposed = flowType("http_request_2011", 2201, {
  method: uint32,
  uri: string(255),
  host: string(64),
  referer: string(255),
  useragent: string(128),
  xff: string(64),
  authuser: string(32),
  "mime-type": string(64),
  req_bytes: uint64,
  resp_bytes: uint64,
  uS: uint32,
  status: int32,
});

/** Returns the length of a value at the cursor; undefined if its bytes are not a value of the type. */
function lengthOf(type: RecordType<"flow_data", unknown>, { bytes, at, end }: Cursor): number | undefined {
  const trial = new Cursor(bytes, at, end);
  try {
    type.take(trial);
    return trial.at - at;
  } catch (error) {
    if (!(error instanceof XdrError)) throw error;
    return undefined;
  }
}

/** Reads the layout whose length is that of the record. */
export const httpRequest2011: typeof published = {
  ...published,
  take(cursor) {
    const isProposed = lengthOf(published, cursor) !== cursor.left && lengthOf(proposed, cursor) === cursor.left;
    return (isProposed ? proposed : published).take(cursor) as typeof published.unknown;
  },
};
