// Stacks of VLAN tags, TPID << 16 | TCI, outermost tag first: the removed tags, and all tags of the packet on input and
// on output. See sFlow v5, section 5 "extended_vlantunnel", and the sFlow.org structure number registry.

import { array, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

const fields = { stack: array(uint32) };

export const extendedVlantunnel = flowType("extended_vlantunnel", 1012, fields);
export const extendedVlanin = flowType("extended_vlanin", 1034, fields);
export const extendedVlanout = flowType("extended_vlanout", 1035, fields);
