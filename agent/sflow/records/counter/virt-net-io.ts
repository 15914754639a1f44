// Network traffic of a virtual machine or container, as the guest sees it. See sFlow Host Structures, "virt_net_io".

import { counter32, counter64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const virtNetIo = counterType("virt_net_io", 2104, {
  rx_bytes: counter64,
  rx_packets: counter32,
  rx_errs: counter32,
  rx_drop: counter32,
  tx_bytes: counter64,
  tx_packets: counter32,
  tx_errs: counter32,
  tx_drop: counter32,
});
