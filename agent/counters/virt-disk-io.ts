// Reads the block I/O of a cgroup: blkio.throttle.io_service_bytes and io_serviced (v1), io.stat (v2).

import { type BlockIo, parseBlkio, parseIoStat } from "../proc/cgroup.ts";
import type { ControlGroup, TextFiles } from "./control-group.ts";

/** The files of the throttle layer, which counts for every I/O scheduler. Counts include child cgroups. */
const BYTES = "blkio.throttle.io_service_bytes_recursive";
const REQUESTS = "blkio.throttle.io_serviced_recursive";

/** Returns undefined if the cgroup was removed, or if this host does not count block I/O. */
export function readBlockIo(files: TextFiles, group: ControlGroup): BlockIo | undefined {
  if (group.blkio === undefined) {
    const text = group.unified === undefined ? undefined : files.read(`${group.unified}/io.stat`);
    return text === undefined ? undefined : parseIoStat(text);
  }
  const bytes = files.read(`${group.blkio}/${BYTES}`);
  const requests = files.read(`${group.blkio}/${REQUESTS}`);
  if (bytes === undefined || requests === undefined) return undefined;
  const count = parseBlkio(requests);
  const octets = parseBlkio(bytes);
  return { rd_req: count.read, rd_bytes: octets.read, wr_req: count.write, wr_bytes: octets.write };
}
