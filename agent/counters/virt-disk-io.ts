// Reads the block I/O of a cgroup: blkio.throttle.io_service_bytes and io_serviced (v1), io.stat (v2).

import { type BlockIo, parseBlkio, parseIoStat } from "../proc/cgroup.ts";
import type { ControlGroup, TextFiles } from "./control-group.ts";
import type { StackedDevices } from "./stacked-devices.ts";

/** The files of the throttle layer, which counts for every I/O scheduler. Counts include child cgroups. */
const BYTES = "blkio.throttle.io_service_bytes_recursive";
const REQUESTS = "blkio.throttle.io_serviced_recursive";

/** Returns undefined if the cgroup was removed, or if this host does not count block I/O. */
export function readBlockIo(
  files: TextFiles,
  group: ControlGroup,
  devices: Pick<StackedDevices, "sum">,
): BlockIo | undefined {
  const transfers = group.blkio === undefined ? readIoStat(files, group.unified) : readBlkio(files, group.blkio);
  return transfers && devices.sum(transfers);
}

type Transfers = ReadonlyMap<string, BlockIo>;

function readIoStat(files: TextFiles, folder: string | undefined): Transfers | undefined {
  const text = folder === undefined ? undefined : files.read(`${folder}/io.stat`);
  return text === undefined ? undefined : parseIoStat(text);
}

function readBlkio(files: TextFiles, folder: string): Transfers | undefined {
  const bytes = files.read(`${folder}/${BYTES}`);
  const requests = files.read(`${folder}/${REQUESTS}`);
  if (bytes === undefined || requests === undefined) return undefined;
  const counts = parseBlkio(requests);
  return new Map(
    [...parseBlkio(bytes)].map(([device, { read, write }]) => {
      const count = counts.get(device);
      return [device, { rd_req: count?.read ?? 0, rd_bytes: read, wr_req: count?.write ?? 0, wr_bytes: write }];
    }),
  );
}
