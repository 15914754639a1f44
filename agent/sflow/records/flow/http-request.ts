// One HTTP request as the server saw it. See sFlow HTTP Structures, "http_request".

import { int32, string, uint32, uint64 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const httpRequest = flowType("http_request", 2206, {
  method: uint32,
  /** Major version * 1000 + minor version. */
  protocol: uint32,
  uri: string(255),
  host: string(64),
  referer: string(255),
  useragent: string(128),
  xff: string(64),
  authuser: string(32),
  "mime-type": string(64),
  req_bytes: uint64,
  resp_bytes: uint64,
  /** Duration in microseconds. */
  uS: uint32,
  status: int32,
});
