// Taps on packet sockets: the kernel draws the samples, cuts them and drops all other packets. See packet(7).

import type { Shim } from "../../native-shim/shim.ts";
import { BATCH_PACKETS } from "../flow/batch.ts";
import type { Host } from "../host/host.ts";
import { WorkQueue } from "../host/work-queue.ts";
import { Errno } from "../sockets/errno.ts";
import { parseIntOption } from "../sockets/socket-address.ts";
import * as so from "../sockets/socket-constants.ts";
import * as af from "./af-packet.ts";
import { dropAllProgram, samplingProgram } from "./bpf.ts";
import { captureError } from "./capture-error.ts";
import type { CapturedPackets, CaptureEngine, Tap, TapOptions } from "./engine.ts";
import type { OwnTraffic } from "./own-traffic.ts";
import { AT_ONCE } from "./pace.ts";
import { type PacketRing, type RingSize, ringLasts, ringSize, suffices } from "./packet-ring.ts";
import { RingMemory, ringBytes } from "./ring-memory.ts";
import { RingScheduler } from "./ring-scheduler.ts";
import { openTapSocket, type TapSocket } from "./tap-socket.ts";

export const PACKET_SOCKET = "packet-socket";

/** Maximum number of batches that a tap reads before other taps and timers have their turn: 10 ms of work. */
const BATCHES_A_TURN = 8;

/** Taps leave out the datagrams of `own`. If its sockets change, their filters do so a few at a time. */
export function makePacketSocketEngine(
  { sockets, clock }: Pick<Host, "sockets" | "clock">,
  own: OwnTraffic,
  pace = AT_ONCE,
): CaptureEngine {
  const shared = { sockets, own, turns: new RingScheduler(sockets, clock, pace), memory: new RingMemory() };
  const taps = new Set<PacketSocketTap>();
  const queue = new WorkQueue(clock);
  own.onChange(() => {
    for (const tap of taps) queue.add(() => tap.renewFilter());
  });
  return {
    name: PACKET_SOCKET,
    open(options, onPackets, onEnd) {
      const tap = new PacketSocketTap(shared, options, onPackets, onEnd, () => taps.delete(tap));
      taps.add(tap);
      return tap;
    },
  };
}

/** The objects that all taps share. */
interface Shared {
  readonly sockets: Shim;
  readonly own: OwnTraffic;
  readonly turns: RingScheduler;
  readonly memory: RingMemory;
}

/** A packet socket that samples one interface. */
class PacketSocketTap implements Tap {
  readonly counters = { packets: 0, drops: 0, batches: 0 };
  readonly #sockets: Shim;
  readonly #own: OwnTraffic;
  readonly #turns: RingScheduler;
  readonly #memory: RingMemory;
  readonly #onPackets: (packets: CapturedPackets) => void;
  readonly #onEnd: (reason: string) => void;
  readonly #onClose: () => void;
  #options: TapOptions;
  #socket: TapSocket;
  #closed = false;

  constructor(
    { sockets, own, turns, memory }: Shared,
    options: TapOptions,
    onPackets: (packets: CapturedPackets) => void,
    onEnd: (reason: string) => void,
    onClose: () => void,
  ) {
    this.#sockets = sockets;
    this.#own = own;
    this.#turns = turns;
    this.#memory = memory;
    this.#options = options;
    this.#onPackets = onPackets;
    this.#onEnd = onEnd;
    this.#onClose = onClose;
    this.#socket = this.#open(options);
  }

  get bufferBytes(): number {
    return this.#closed ? 0 : ringBytes(this.#socket.size);
  }

  get options(): TapOptions {
    return this.#options;
  }

  setSamplingRate(samplingRate: number): void {
    if (samplingRate !== this.#options.samplingRate) this.#change({ ...this.#options, samplingRate });
  }

  setHeaderBytes(headerBytes: number): void {
    if (headerBytes !== this.#options.headerBytes) this.#change({ ...this.#options, headerBytes });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    this.#closeSocket(this.#socket);
  }

  /**
   * Exempts the present sockets of the agent. Keeps the filter if the kernel has no memory: then the tap samples some
   * of the agent's datagrams.
   */
  renewFilter(): void {
    if (this.#closed) return;
    try {
      this.#filter(this.#options);
    } catch {
      // The next change tries again.
    }
  }

  #filter(options: TapOptions): void {
    this.#sockets.attachFilter(this.#socket.fd, samplingProgram(options, this.#own.endpoints));
  }

  #open(options: TapOptions): TapSocket {
    const size = this.#sizeFor(options);
    let undo = (): void => undefined;
    try {
      const filter = samplingProgram(options, this.#own.endpoints);
      const { fd, ring } = openTapSocket(this.#sockets, options, size, filter);
      this.#memory.take(size);
      const lasts = (): number => ringLasts(size, this.#options.samplingRate);
      const socket = { fd, ring, size, reader: { fd, lasts, read: () => this.#read() } };
      undo = () => this.#closeSocket(socket);
      this.#turns.add(socket.reader);
      return socket;
    } catch (error) {
      undo();
      throw captureError(PACKET_SOCKET, options, error);
    }
  }

  #sizeFor({ samplingRate, headerBytes }: TapOptions): RingSize {
    return this.#memory.sizeFor(ringSize(samplingRate, headerBytes));
  }

  #closeSocket({ fd, ring, size, reader }: TapSocket): void {
    this.#turns.remove(reader);
    ring.close();
    this.#memory.giveBack(size);
    this.#sockets.closeAside(fd);
  }

  #read(): number {
    const { frames } = this.#socket.size;
    const packets = this.#receive(BATCHES_A_TURN);
    if (packets >= BATCHES_A_TURN * BATCH_PACKETS) return 2;
    if (packets > 0) return Math.min(packets / frames, 1);
    const errno = parseIntOption(this.#sockets.getOption(this.#socket.fd, so.SOL_SOCKET, so.SO_ERROR, 4));
    if (errno !== 0) this.#failed(errno);
    return 0;
  }

  /** Passes on the queued packets, in at most `batches` batches. Returns the number of packets. */
  #receive(batches: number): number {
    const { ring } = this.#socket;
    let packets = 0;
    for (let i = 0; i < batches && !this.#closed; i++) {
      const count = ring.receive();
      if (count === 0) break;
      packets += count;
      this.#deliver(ring, count);
    }
    if (!this.#closed) ring.release();
    return packets;
  }

  #deliver(ring: PacketRing, count: number): void {
    const drops = ring.losing ? this.#takeDrops(ring) : 0;
    this.counters.batches++;
    this.counters.packets += count;
    this.counters.drops += drops;
    this.#handOver(ring, count, drops);
  }

  /** Reports packets that were lost after the last packet in the ring. No frame in the ring is marked for this loss. */
  #deliverDrops(): void {
    const { ring } = this.#socket;
    const drops = this.#takeDrops(ring);
    this.counters.drops += drops;
    if (drops > 0) this.#handOver(ring, 0, drops);
  }

  #handOver({ columns }: PacketRing, count: number, drops: number): void {
    const { hardwareType, samplingRate } = this.#options;
    this.#onPackets({ columns, count, hardwareType, samplingRate, drops });
  }

  /** Returns the number of lost packets. The kernel resets it at every reading, so each loss is counted once. */
  #takeDrops(ring: PacketRing): number {
    ring.losing = false;
    return af.statisticsDrops(this.#sockets.getOption(this.#socket.fd, so.SOL_PACKET, so.PACKET_STATISTICS, 8));
  }

  /**
   * Handles an error of the socket. The kernel reports ENETDOWN once when the interface goes down; the socket works
   * again when the interface is up. The kernel also reports ENETDOWN when the interface is deleted. The last packets of
   * the interface may then still be queued.
   */
  #failed(errno: number): void {
    if (errno === -Errno.networkDown && af.linkIndex(this.#sockets.name(this.#socket.fd)) >= 0) return;
    this.#receive(Number.POSITIVE_INFINITY);
    this.close();
    this.#onEnd(errno === -Errno.networkDown ? "the interface was removed" : `the socket failed with errno ${errno}`);
  }

  /**
   * Changes the settings. Queued packets passed the old filter, so they are passed on before the new filter is in
   * force. Only a packet that a processor is filtering at that very moment can be queued later.
   */
  #change(next: TapOptions): void {
    if (this.#closed) return;
    this.#sockets.attachFilter(this.#socket.fd, dropAllProgram());
    this.#receive(Number.POSITIVE_INFINITY);
    if (this.#closed) return;
    this.#deliverDrops();
    this.#options = next;
    if (suffices(this.#socket.size, this.#sizeFor(next))) this.#filter(next);
    else this.#replaceSocket(next);
  }

  /**
   * Opens another socket, because a mapped ring cannot change its size. Keeps the present ring if there is no memory
   * for a new one.
   */
  #replaceSocket(next: TapOptions): void {
    try {
      const old = this.#socket;
      this.#socket = this.#open(next);
      this.#closeSocket(old);
    } catch {
      this.#filter(next);
    }
  }
}
