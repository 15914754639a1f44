// The headers of an InfiniBand packet: local route, global route, base transport. See sFlow InfiniBand Structures
// (draft).

import { fixedOpaque, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedIbLrh = flowType("extended_ib_lrh", 1031, {
  src_vl: uint32,
  src_sl: uint32,
  src_dlid: uint32,
  src_slid: uint32,
  src_lnh: uint32,
  dst_vl: uint32,
  dst_sl: uint32,
  dst_dlid: uint32,
  dst_slid: uint32,
  dst_lnh: uint32,
});

export const extendedIbGrh = flowType("extended_ib_grh", 1032, {
  flow_label: uint32,
  tc: uint32,
  s_gid: fixedOpaque(16),
  d_gid: fixedOpaque(16),
  next_header: uint32,
  length: uint32,
});

export const extendedIbBth = flowType("extended_ib_bth", 1033, {
  pkey: uint32,
  dst_qp: uint32,
  opcode: uint32,
});
