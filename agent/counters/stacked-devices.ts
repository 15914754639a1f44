// Adds up the block I/O of a cgroup so that each transfer counts once. The kernel counts a transfer at each device that
// it passes, for example at dm on dm on a disk. See the kernel's cgroup-v2 documentation, "io.stat".

import type { Host } from "../host/host.ts";
import type { BlockIo } from "../proc/cgroup.ts";
import { devicePosition } from "./device-position.ts";

/** Milliseconds for which places are kept. Devices are stacked and replaced while their numbers stay. */
const MOST_AGE = 10_000;

/** Devices on a disk that /sys does not name: the disk of a file, and the lower disk of DRBD. */
const ON_UNKNOWN_DISK = /^(loop|drbd)\d/;

interface Place {
  /** Names of the disks below; of a disk its own name; none if they are unknown. */
  readonly disks: readonly string[];
  /** Number of layers below; 0 for a disk. */
  readonly height: number;
}

/** Devices on the same disks. */
interface Stack {
  readonly disks: readonly string[];
  /** Sums over the devices of each layer, by height. */
  readonly layers: BlockIo[];
}

/** The stacks of block devices of this host. */
export class StackedDevices {
  readonly #host: Pick<Host, "clock" | "files">;
  readonly #places = new Map<string, Place>();
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(host: Pick<Host, "clock" | "files">) {
    this.#host = host;
  }

  /**
   * Sums I/O by device number, such as "254:0". Counts it at the disks, as the host's own record does. Some drivers
   * (multipath, RAID 5, loop) pass I/O on in threads of their own, so the kernel does not count it there for the
   * cgroup. So adds what a layer has counted in excess of its disks.
   */
  sum(transfers: ReadonlyMap<string, BlockIo>): BlockIo {
    const disks = new Map<string, BlockIo>();
    const stacks = new Map<string, Stack>();
    for (const [device, io] of transfers) {
      const place = this.#place(device);
      const [name] = place.disks;
      if (place.height === 0 && name !== undefined) disks.set(name, io);
      else add(stacks, place, io);
    }
    const onUnknown = stacks.get(keyOf([]));
    stacks.delete(keyOf([]));
    const known = [...stacks.values()].map((stack) => excess(stack, total(stack.disks.map((disk) => disks.get(disk)))));
    const sum = total([...disks.values(), ...known]);
    return onUnknown === undefined ? sum : total([sum, excess(onUnknown, sum)]);
  }

  #place(device: string): Place {
    const now = this.#host.clock.uptime();
    if (now - this.#readAt >= MOST_AGE) {
      this.#places.clear();
      this.#readAt = now;
    }
    const known = this.#places.get(device);
    if (known !== undefined) return known;
    const { disks, height } = devicePosition(this.#host.files, `/sys/dev/block/${device}`);
    const place = { disks: disks.some((name) => ON_UNKNOWN_DISK.test(name)) ? [] : disks, height };
    this.#places.set(device, place);
    return place;
  }
}

const keyOf = (disks: readonly string[]): string => disks.join();

function add(stacks: Map<string, Stack>, { disks, height }: Place, io: BlockIo): void {
  const stack = stacks.get(keyOf(disks)) ?? { disks, layers: [] };
  stack.layers[height] = total([stack.layers[height], io]);
  stacks.set(keyOf(disks), stack);
}

const NONE: BlockIo = { rd_req: 0, rd_bytes: 0, wr_req: 0, wr_bytes: 0 };

const combine = (a: BlockIo, b: BlockIo, by: (a: number, b: number) => number): BlockIo => ({
  rd_req: by(a.rd_req, b.rd_req),
  rd_bytes: by(a.rd_bytes, b.rd_bytes),
  wr_req: by(a.wr_req, b.wr_req),
  wr_bytes: by(a.wr_bytes, b.wr_bytes),
});

const total = (parts: readonly (BlockIo | undefined)[]): BlockIo =>
  parts.reduce<BlockIo>((sum, part = NONE) => combine(sum, part, (a, b) => a + b), NONE);

/** Returns what the layer with the most I/O has counted in excess of `below`. */
function excess({ layers }: Stack, below: BlockIo): BlockIo {
  const most = layers.reduce((a, b) => combine(a, b, Math.max), NONE);
  return combine(most, below, (a, b) => Math.max(0, a - b));
}
