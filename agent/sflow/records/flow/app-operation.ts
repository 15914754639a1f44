// One operation of an application, and the operation that caused it. See sFlow Application Structures, "app_operation",
// "app_parent_context".

import { struct } from "../../../xdr/struct.ts";
import { string, uint32, uint64 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

/** The context of an operation: dotted names, and attributes as a URL query string. */
const context = struct("context", {
  application: string(32),
  operation: string(32),
  attributes: string(255),
});

export const appOperation = flowType("app_operation", 2202, {
  context,
  status_descr: string(64),
  req_bytes: uint64,
  resp_bytes: uint64,
  /** Duration in microseconds. */
  uS: uint32,
  /** The outcome, 0 for success. See enums/application.ts. */
  status: uint32,
});

export const appParentContext = flowType("app_parent_context", 2203, { context });
