// Disks of a host. See sFlow Host Structures, "host_disk_io".

import { counter32, counter64, percentage, uint64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const hostDiskIo = counterType("host_disk_io", 2005, {
  /** Sizes in bytes. */
  disk_total: uint64,
  disk_free: uint64,
  /** The used part of the fullest partition. */
  part_max_used: percentage,
  /** Times in milliseconds. */
  reads: counter32,
  bytes_read: counter64,
  read_time: counter32,
  writes: counter32,
  bytes_written: counter64,
  write_time: counter32,
});
