// The kernel's side of packet sockets: interfaces, filters that run, and rings that fill up. packet(7).

import type { Shim } from "../../native-shim/shim.ts";
import { runFilter } from "../capture/bpf-machine.ts";
import { seededRandom } from "../seeded-random.ts";

interface Socket {
  filter: Uint8Array | undefined;
  index: number;
  frameBytes: number;
  frames: number;
  ring: ArrayBuffer | undefined;
  next: number;
  error: number;
  drops: number;
  promiscuous: boolean;
  onReadable: (() => void) | undefined;
}

export interface Meta {
  readonly packetType?: number;
  readonly mark?: number;
  readonly hardwareType?: number;
  readonly vlan?: { readonly tci: number; readonly tpid: number };
  readonly seconds?: number;
}

const RX_RING = 5;
const STATISTICS = 6;
const ADD_MEMBERSHIP = 1;
const ERROR = 4;
/** Bytes of struct tpacket2_hdr and what follows it: a frame without a link-layer header begins here. */
const HEADER = 66;

/** `known` has the interfaces by index. Methods of the shim that packet sockets do not use are missing. */
export class FakePacketSockets {
  readonly sockets = new Map<number, Socket>();
  readonly known: Set<number>;
  /** The error of the next `socket` or mapping: "EPERM", "ENOMEM". */
  obstacle: { readonly call: "socket" | "map"; readonly code: string } | undefined;
  readonly #random = seededRandom(7);
  #lastFd = 2;

  constructor(...known: number[]) {
    this.known = new Set(known);
  }

  get shim(): Shim {
    const at = (fd: number): Socket => this.sockets.get(fd) ?? fail("EBADF", "any");
    const part: Partial<Shim> = {
      socket: () => this.#socket(),
      bind: (fd, address) => this.#bind(at(fd), address),
      name: (fd) => new Uint8Array(Int32Array.of(17, at(fd).index, 0, 0, 0).buffer),
      setOption: (fd, _, option, value) => setOption(at(fd), option, value),
      getOption: (fd, _, option) => getOption(at(fd), option),
      attachFilter: (fd, program) => {
        at(fd).filter = program.slice();
      },
      map: (fd, length) => this.#map(at(fd), length),
      unmap: (memory) => {
        for (const socket of this.sockets.values()) if (socket.ring === memory) socket.ring = undefined;
        structuredClone(memory, { transfer: [memory] });
      },
      watch: (fd, onReadable) => this.#watch(at(fd), onReadable),
      close: (fd) => void this.sockets.delete(fd),
      closeAside: (fd) => void this.sockets.delete(fd),
    };
    return part as Shim;
  }

  /** Passes a packet through interface `index`: every socket bound to it may take it. */
  deliver(index: number, frame: Uint8Array, meta: Meta = {}): void {
    for (const socket of this.sockets.values()) {
      if (socket.index !== index || socket.ring === undefined || socket.filter === undefined) continue;
      const { packetType = 0, mark = 0 } = meta;
      const bytes = runFilter(socket.filter, { packetType, mark, random: this.#random.uint32() }, frame);
      if (bytes > 0) put(socket, frame.subarray(0, bytes), frame.length, meta);
    }
  }

  /** Calls the watch of each socket that has something to read, until none has: one round. */
  wake(): void {
    for (const socket of [...this.sockets.values()]) if (readable(socket)) socket.onReadable?.();
  }

  /** Takes the interface down, or removes it for good. */
  down(index: number, gone = false): void {
    for (const socket of this.sockets.values()) {
      if (socket.index !== index) continue;
      socket.error = 100;
      if (gone) socket.index = -1;
    }
    if (gone) this.known.delete(index);
  }

  #socket(): number {
    this.#stumble("socket");
    this.sockets.set(++this.#lastFd, {
      filter: undefined,
      index: 0,
      frameBytes: 0,
      frames: 0,
      ring: undefined,
      next: 0,
      error: 0,
      drops: 0,
      promiscuous: false,
      onReadable: undefined,
    });
    return this.#lastFd;
  }

  #bind(socket: Socket, address: Uint8Array): void {
    const index = new Int32Array(address.slice().buffer)[1] as number;
    if (!this.known.has(index)) fail("ENODEV", "bind");
    if (socket.filter === undefined) fail("EINVAL", "bind without a filter");
    socket.index = index;
  }

  #map(socket: Socket, length: number): ArrayBuffer {
    this.#stumble("map");
    if (length !== socket.frames * socket.frameBytes) fail("EINVAL", "mmap");
    socket.ring = new ArrayBuffer(length);
    return socket.ring;
  }

  #watch(socket: Socket, onReadable: () => void) {
    socket.onReadable = onReadable;
    return {
      close: () => {
        socket.onReadable = undefined;
      },
    };
  }

  #stumble(call: string): void {
    const { obstacle } = this;
    if (obstacle?.call !== call) return;
    this.obstacle = undefined;
    fail(obstacle.code, call);
  }
}

function fail(code: string, syscall: string): never {
  throw Object.assign(new Error(`${code}: ${syscall}`), { code, errno: 1, syscall });
}

function setOption(socket: Socket, option: number, value: Uint8Array): void {
  const [blockBytes = 0, blocks = 0, frameBytes = 0, frames = 0] = new Uint32Array(value.slice().buffer);
  if (option === ADD_MEMBERSHIP) socket.promiscuous = true;
  if (option !== RX_RING) return;
  if (blockBytes * blocks !== frameBytes * frames || blockBytes % 4096 !== 0) fail("EINVAL", "setsockopt");
  socket.frameBytes = frameBytes;
  socket.frames = frames;
}

/** Reading statistics or an error resets it, as in the kernel. */
function getOption(socket: Socket, option: number): Uint8Array {
  if (option === ERROR) {
    const { error } = socket;
    socket.error = 0;
    return new Uint8Array(Int32Array.of(error).buffer);
  }
  if (option !== STATISTICS) fail("ENOPROTOOPT", "getsockopt");
  const { drops } = socket;
  socket.drops = 0;
  return new Uint8Array(Uint32Array.of(0, drops).buffer);
}

function readable({ ring, next, frames, frameBytes, error }: Socket): boolean {
  if (error !== 0) return true;
  return ring !== undefined && new Uint32Array(ring)[(((next + frames - 1) % frames) * frameBytes) / 4] !== 0;
}

function put(socket: Socket, bytes: Uint8Array, length: number, meta: Meta): void {
  const at = socket.next * socket.frameBytes;
  const view = new DataView(socket.ring as ArrayBuffer, at, socket.frameBytes);
  if (view.getUint32(0, true) !== 0) {
    socket.drops++;
    return;
  }
  const kept = bytes.subarray(0, socket.frameBytes - HEADER);
  new Uint8Array(socket.ring as ArrayBuffer).set(kept, at + HEADER);
  view.setUint32(4, length, true);
  view.setUint32(8, kept.length, true);
  view.setUint16(12, HEADER, true);
  view.setUint32(16, meta.seconds ?? 1, true);
  view.setUint32(20, 999_999_999, true);
  view.setUint16(24, meta.vlan?.tci ?? 0, true);
  view.setUint16(26, meta.vlan?.tpid ?? 0, true);
  view.setUint16(34, ((kept[12] as number) << 8) | (kept[13] as number));
  view.setInt32(36, socket.index, true);
  view.setUint16(40, meta.hardwareType ?? 1, true);
  view.setUint8(42, meta.packetType ?? 0);
  view.setUint32(0, 1 | (socket.drops > 0 ? 4 : 0) | (meta.vlan === undefined ? 0 : 0x50), true);
  socket.next = (socket.next + 1) % socket.frames;
}
