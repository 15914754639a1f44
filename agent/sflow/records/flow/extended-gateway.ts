// The BGP view of a packet: autonomous systems and communities. See sFlow v5, section 5 "extended_gateway".

import { struct } from "../../../xdr/struct.ts";
import { array, uint32 } from "../../../xdr/type.ts";
import { address } from "../../address.ts";
import { flowType } from "../../record.ts";

/** A segment of an AS path. Type 1 is an unordered set, type 2 a sequence. */
const segment = struct("as_path_segment", {
  type: uint32,
  as: array(uint32),
});

export const extendedGateway = flowType("extended_gateway", 1003, {
  nexthop: address,
  /** The AS of the router. */
  as: uint32,
  src_as: uint32,
  /** The neighbour AS towards the source. */
  src_peer_as: uint32,
  dst_as_path: array(segment),
  communities: array(uint32),
  localpref: uint32,
});
