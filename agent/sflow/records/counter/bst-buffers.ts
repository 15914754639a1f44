// The largest use of the packet buffers of a Broadcom switch since the last sample, by unicast and multicast. See sFlow
// Broadcom Switch ASIC Structures.

import { array, percentage } from "../../../xdr/type.ts";
import { dataFormat } from "../../data-format.ts";
import { counterType } from "../../record.ts";

const BROADCOM = 4413;

export const bstDeviceBuffers = counterType("bst_device_buffers", dataFormat(BROADCOM, 1), {
  uc_pc: percentage,
  mc_pc: percentage,
});

export const bstPortBuffers = counterType("bst_port_buffers", dataFormat(BROADCOM, 2), {
  ingress_uc_pc: percentage,
  ingress_mc_pc: percentage,
  egress_uc_pc: percentage,
  egress_mc_pc: percentage,
  /** One for each queue. */
  egress_queue_uc_pc: array(percentage),
  egress_queue_mc_pc: array(percentage),
});
