// Disks of a virtual machine or container. See sFlow Host Structures, "virt_disk_io".

import { counter32, counter64, uint64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const virtDiskIo = counterType("virt_disk_io", 2103, {
  /**
   * Sizes in bytes. The erratum to sFlow Host Structures names the third field `physical`. The original text of sFlow
   * Host Structures and most decoders name it `available`.
   */
  capacity: uint64,
  allocation: uint64,
  physical: uint64,
  rd_req: counter32,
  rd_bytes: counter64,
  wr_req: counter32,
  wr_bytes: counter64,
  errs: counter32,
});
