// Operations of an application by outcome. See sFlow Application Structures, "app_operations".

import { counter32, string } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const appOperations = counterType("app_operations", 2202, {
  application: string(32),
  success: counter32,
  other: counter32,
  timeout: counter32,
  internal_error: counter32,
  bad_request: counter32,
  forbidden: counter32,
  too_large: counter32,
  not_implemented: counter32,
  not_found: counter32,
  unavailable: counter32,
  unauthorized: counter32,
});
