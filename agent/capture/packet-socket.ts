// Taps on packet sockets: the kernel draws the samples, cuts them, and drops all other packets. packet(7).

import type { ReceiveBatch, Shim, Watch } from "../../native-shim/shim.ts";
import * as af from "./af-packet.ts";
import { BATCH_SLOTS, makeBatch } from "./batch.ts";
import { dropAllProgram, samplingProgram } from "./bpf.ts";
import { captureError } from "./capture-error.ts";
import type { CapturedPackets, CaptureEngine, Tap, TapOptions } from "./engine.ts";

export const PACKET_SOCKET = "packet-socket";

/**
 * A queued sample is charged with the whole buffer that it came in, up to 64 KiB with segmentation offload, however little of
 * it is kept. The memory is used only while packets wait.
 */
const QUEUE_BYTES = 16 * 1024 * 1024;
/** After so many batches other taps and the timers have their turn. */
const BATCHES_PER_WAKE_UP = 8;
const ENETDOWN = 100;

export function makePacketSocketEngine(sockets: Shim): CaptureEngine {
  const batches = new SharedBatch(sockets);
  return {
    name: PACKET_SOCKET,
    open: (options, onPackets, onEnd) => new PacketSocketTap(sockets, batches, options, onPackets, onEnd),
  };
}

/** One batch serves all taps, as its packets are handed over before it is filled again. */
class SharedBatch {
  readonly #sockets: Shim;
  #batch: ReceiveBatch;

  constructor(sockets: Shim) {
    this.#sockets = sockets;
    this.#batch = makeBatch(sockets.layout, BATCH_SLOTS, 128);
  }

  withRoomFor(headerBytes: number): ReceiveBatch {
    if (headerBytes > this.#batch.stride)
      this.#batch = makeBatch(this.#sockets.layout, BATCH_SLOTS, (headerBytes + 7) & ~7);
    return this.#batch;
  }
}

class PacketSocketTap implements Tap {
  readonly counters = { packets: 0, drops: 0, batches: 0 };
  readonly #sockets: Shim;
  readonly #batches: SharedBatch;
  readonly #onPackets: (packets: CapturedPackets) => void;
  readonly #onEnd: (reason: string) => void;
  readonly #fd: number;
  readonly #watch: Watch;
  #options: TapOptions;
  #closed = false;

  constructor(
    sockets: Shim,
    batches: SharedBatch,
    options: TapOptions,
    onPackets: (packets: CapturedPackets) => void,
    onEnd: (reason: string) => void,
  ) {
    this.#sockets = sockets;
    this.#batches = batches;
    this.#options = options;
    this.#onPackets = onPackets;
    this.#onEnd = onEnd;
    this.#fd = openSocket(sockets, options);
    this.#watch = sockets.watch(this.#fd, () => this.#wake());
  }

  get options(): TapOptions {
    return this.#options;
  }

  setSamplingRate(samplingRate: number): void {
    if (samplingRate !== this.#options.samplingRate) this.#change({ samplingRate });
  }

  setHeaderBytes(headerBytes: number): void {
    if (headerBytes !== this.#options.headerBytes) this.#change({ headerBytes });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watch.close();
    this.#sockets.close(this.#fd);
  }

  #wake(): void {
    const errno = this.#receive(BATCHES_PER_WAKE_UP);
    if (errno !== 0) this.#failed(errno);
  }

  /** Hands over what is queued, `batches` at most; the errno that ended it early, else 0. */
  #receive(batches: number): number {
    const batch = this.#batches.withRoomFor(this.#options.headerBytes);
    for (let i = 0; i < batches && !this.#closed; i++) {
      const count = this.#sockets.receive(this.#fd, batch);
      if (count < 0) return -count;
      if (count > 0) this.#deliver(batch, count);
      if (count < batch.slots) break;
    }
    return 0;
  }

  #deliver(batch: ReceiveBatch, count: number): void {
    const drops = this.#takeDrops();
    this.counters.batches++;
    this.counters.packets += count;
    this.counters.drops += drops;
    this.#onPackets({
      layout: this.#sockets.layout,
      batch,
      count,
      samplingRate: this.#options.samplingRate,
      drops,
    });
  }

  /** The kernel starts again at 0 with every reading, so that each loss is told once. */
  #takeDrops(): number {
    return af.statisticsDrops(this.#sockets.getOption(this.#fd, af.SOL_PACKET, af.PACKET_STATISTICS, 8));
  }

  /**
   * ENETDOWN comes once when the interface goes down, and the socket hears it again when it is up; it comes as well when the
   * interface is deleted, and then its last packets are queued still.
   */
  #failed(errno: number): void {
    if (errno === ENETDOWN && af.linkIndex(this.#sockets.name(this.#fd)) >= 0) return;
    this.#receive(Number.POSITIVE_INFINITY);
    this.close();
    this.#onEnd(errno === ENETDOWN ? "the interface is gone" : `the socket fails with errno ${errno}`);
  }

  /**
   * What is queued was taken under the old filter, so it is handed over before the new one is in force. Only a packet that a
   * processor is filtering in that very instant can come after it.
   */
  #change(next: Partial<TapOptions>): void {
    if (this.#closed) return;
    this.#sockets.attachFilter(this.#fd, dropAllProgram());
    const errno = this.#receive(Number.POSITIVE_INFINITY);
    this.#options = { ...this.#options, ...next };
    if (!this.#closed) this.#sockets.attachFilter(this.#fd, filterOf(this.#options));
    if (errno !== 0) this.#failed(errno);
  }
}

/**
 * A socket of protocol 0 hears nothing. It hears its interface from `bind` on, when the filter is in place already: no packet
 * comes past the filter, none from another interface.
 */
function openSocket(sockets: Shim, options: TapOptions): number {
  try {
    const type = af.hasEthernetHeader(options.hardwareType) ? af.SOCK_RAW : af.SOCK_DGRAM;
    const fd = sockets.socket(af.AF_PACKET, type, 0, options.namespace);
    try {
      prepare(sockets, fd, options);
      return fd;
    } catch (error) {
      sockets.close(fd);
      throw error;
    }
  } catch (error) {
    throw captureError(PACKET_SOCKET, options, error);
  }
}

function prepare(sockets: Shim, fd: number, options: TapOptions): void {
  growQueue(sockets, fd);
  sockets.setOption(fd, af.SOL_PACKET, af.PACKET_AUXDATA, af.intOption(1));
  sockets.setOption(fd, af.SOL_SOCKET, af.SO_TIMESTAMPNS, af.intOption(1));
  sockets.attachFilter(fd, filterOf(options));
  sockets.bind(fd, af.linkAddress(options.index));
  if (options.promiscuous)
    sockets.setOption(fd, af.SOL_PACKET, af.PACKET_ADD_MEMBERSHIP, af.promiscuousMembership(options.index));
}

/** Beyond net.core.rmem_max only with CAP_NET_ADMIN; as far as the limit without. */
function growQueue(sockets: Shim, fd: number): void {
  try {
    sockets.setOption(fd, af.SOL_SOCKET, af.SO_RCVBUFFORCE, af.intOption(QUEUE_BYTES));
  } catch {
    sockets.setOption(fd, af.SOL_SOCKET, af.SO_RCVBUF, af.intOption(QUEUE_BYTES));
  }
}

const filterOf = (options: TapOptions): Uint8Array =>
  samplingProgram({ ...options, loopback: options.hardwareType === af.ARPHRD_LOOPBACK });
