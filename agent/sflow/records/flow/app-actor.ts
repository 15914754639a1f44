// The initiator and the target of an operation. See sFlow Application Structures, "app_initiator", "app_target".

import { string } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

const fields = { actor: string(64) };

export const appInitiator = flowType("app_initiator", 2204, fields);
export const appTarget = flowType("app_target", 2205, fields);
