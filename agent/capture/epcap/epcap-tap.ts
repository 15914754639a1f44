// One tap: its BPF programs, attached to an interface, and the samples that they took.

import type { Shim } from "../../../native-shim/shim.ts";
import type { Host } from "../../host/host.ts";
import * as so from "../../sockets/socket-constants.ts";
import { ARPHRD_LOOPBACK } from "../../sockets/socket-constants.ts";
import { hasEthernetHeader, promiscuousMembership } from "../af-packet.ts";
import type { CapturedPackets, Tap, TapOptions } from "../engine.ts";
import { attach, type Direction, loadProgram, replaceProgram } from "./kernel.ts";
import { processorsOf } from "./processors.ts";
import { tapProgram } from "./program.ts";
import { LEAST_BYTES, makeSampleColumns, RING_BYTES, type SampleReader, type SampleSink } from "./sample-reader.ts";
import { TapMemory } from "./tap-memory.ts";

/** The most octets of a packet in a record. A longer header needs other programs. */
const RECORD_SIZES = [128, 256];

export class EpcapTap implements Tap, SampleSink {
  readonly counters = { packets: 0, drops: 0, batches: 0 };
  readonly isEthernet: boolean;
  readonly columns: SampleSink["columns"];
  count = 0;
  samplingRate = 0;
  readonly #host: Pick<Host, "sockets" | "files">;
  readonly #reader: SampleReader;
  readonly #memory: TapMemory;
  readonly #number: number;
  readonly #onPackets: (packets: CapturedPackets) => void;
  readonly #onClose: () => void;
  readonly #links: { readonly direction: Direction; readonly fd: number }[] = [];
  #promiscuous: number | undefined;
  #options: TapOptions;
  #closed = false;

  /** Throws ShimError. */
  constructor(
    host: Pick<Host, "sockets" | "files" | "random">,
    reader: SampleReader,
    options: TapOptions,
    onPackets: (packets: CapturedPackets) => void,
    onClose: () => void,
  ) {
    this.#host = host;
    this.#reader = reader;
    this.#options = options;
    this.#onPackets = onPackets;
    this.#onClose = onClose;
    this.isEthernet = hasEthernetHeader(options.hardwareType);
    this.columns = makeSampleColumns(reader.ring.bytes);
    this.#number = reader.nextNumber();
    this.#memory = new TapMemory(host.sockets, processorsOf(host.files), host.random);
    this.#memory.setHeaderBytes(Math.max(options.headerBytes, LEAST_BYTES));
    this.#memory.setSamplingRate(options.samplingRate);
    try {
      this.#attach();
    } catch (error) {
      this.#memory.close();
      throw error;
    }
    reader.add(this.#number, this);
  }

  /** A VLAN tag that was put back adds to the length, as on the wire. */
  get headerBytes(): number {
    return this.#options.headerBytes;
  }

  get options(): TapOptions {
    return this.#options;
  }

  /** The part of the ring that belongs to this tap. */
  get bufferBytes(): number {
    return this.#closed ? 0 : RING_BYTES / this.#reader.taps;
  }

  setSamplingRate(samplingRate: number): void {
    if (this.#closed) return;
    this.#options = { ...this.#options, samplingRate };
    this.#memory.setSamplingRate(samplingRate);
  }

  setHeaderBytes(headerBytes: number): void {
    if (this.#closed || headerBytes === this.#options.headerBytes) return;
    const before = sizeFor(this.#options.headerBytes);
    this.#options = { ...this.#options, headerBytes };
    this.#memory.setHeaderBytes(Math.max(headerBytes, LEAST_BYTES));
    if (sizeFor(headerBytes) !== before) this.#replacePrograms();
  }

  deliver(): void {
    const { columns, count, samplingRate } = this;
    this.count = 0;
    this.counters.batches++;
    this.counters.packets += count;
    this.#handOver({ columns, count, samplingRate, drops: this.#takeDrops() });
  }

  deliverDrops(): void {
    if (this.#closed) return;
    const drops = this.#takeDrops();
    if (drops > 0) this.#handOver({ columns: this.columns, count: 0, samplingRate: this.#options.samplingRate, drops });
  }

  /** Detaches the programs, and passes on the samples that they took. */
  close(): void {
    if (this.#closed) return;
    this.#detach();
    this.#reader.read();
    this.#closed = true;
    this.#reader.remove(this.#number);
    this.#memory.close();
    this.#onClose();
  }

  #handOver(packets: Omit<CapturedPackets, "hardwareType">): void {
    this.#onPackets({ ...packets, hardwareType: this.#options.hardwareType });
  }

  #takeDrops(): number {
    const drops = this.#memory.takeDrops();
    this.counters.drops += drops;
    return drops;
  }

  /** Packets of a loopback pass it twice, and are sampled as they are received. */
  #attach(): void {
    const { sockets } = this.#host;
    const { index, hardwareType, promiscuous } = this.#options;
    try {
      for (const direction of hardwareType === ARPHRD_LOOPBACK ? (["in"] as const) : (["in", "out"] as const))
        this.#withProgram(direction, (program) => {
          this.#links.push({ direction, fd: attach(sockets, program, index, direction) });
        });
      if (promiscuous) this.#promiscuous = makePromiscuous(sockets, index);
    } catch (error) {
      this.#detach();
      throw error;
    }
  }

  #detach(): void {
    for (const { fd } of this.#links) this.#host.sockets.closeAside(fd);
    if (this.#promiscuous !== undefined) this.#host.sockets.closeAside(this.#promiscuous);
  }

  /** Loads a program. A link keeps it. */
  #withProgram(direction: Direction, use: (program: number) => void): void {
    const { sockets } = this.#host;
    const program = loadProgram(sockets, this.#program(direction));
    try {
      use(program);
    } finally {
      sockets.close(program);
    }
  }

  #program(direction: Direction): Uint8Array {
    const { ring, shared } = this.#reader;
    return tapProgram({
      direction,
      isEthernet: this.isEthernet,
      tap: this.#number,
      mostBytes: sizeFor(this.#options.headerBytes),
      processors: processorsOf(this.#host.files),
      maps: { tap: this.#memory.fd, shared: shared.fd, ring: ring.fd },
    });
  }

  /** Keeps the present programs, with shorter headers, if the kernel refuses others. */
  #replacePrograms(): void {
    try {
      for (const { direction, fd } of this.#links)
        this.#withProgram(direction, (program) => replaceProgram(this.#host.sockets, fd, program));
    } catch {
      // The next change tries again.
    }
  }
}

const sizeFor = (headerBytes: number): number =>
  RECORD_SIZES.find((size) => size >= headerBytes) ?? (RECORD_SIZES.at(-1) as number);

/** Opens a packet socket that gets no packets. The interface is promiscuous until it is closed. */
function makePromiscuous(sockets: Pick<Shim, "socket" | "setOption" | "close">, index: number): number {
  const fd = sockets.socket(so.AF_PACKET, so.SOCK_RAW, 0);
  try {
    sockets.setOption(fd, so.SOL_PACKET, so.PACKET_ADD_MEMBERSHIP, promiscuousMembership(index));
    return fd;
  } catch (error) {
    sockets.close(fd);
    throw error;
  }
}
