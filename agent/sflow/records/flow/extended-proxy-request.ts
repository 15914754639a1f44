// The request that a proxy sent to a server, for the request that it received. See sFlow HTTP Structures,
// "extended_proxy_request".

import { string } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedProxyRequest = flowType("extended_proxy_request", 2207, {
  uri: string(255),
  host: string(64),
});
