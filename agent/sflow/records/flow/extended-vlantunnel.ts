// Stacked VLAN tags, TPID << 16 | TCI, outermost first: those removed, and the whole stacks in and out. sFlow v5,
// section 5 "extended_vlantunnel"; sFlow.org structure number registry.

import { array, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

const fields = { stack: array(uint32) };

export const extendedVlantunnel = flowType("extended_vlantunnel", 1012, fields);
export const extendedVlanin = flowType("extended_vlanin", 1034, fields);
export const extendedVlanout = flowType("extended_vlanout", 1035, fields);
