// Sockets in memory: they keep what was set and sent, receive what a test delivers, and fail when a test asks for it.

import { constants } from "node:os";
import { parseInetAddress } from "../../agent/sockets/socket-address.ts";
import { AF_INET, AF_INET6, AF_NETLINK, AF_PACKET } from "../../agent/sockets/socket-constants.ts";
import { makeShimError } from "../../native-shim/errno.ts";
import type { ReceiveBatch, Shim } from "../../native-shim/shim.ts";
import { FakeRestrictions } from "./restrictions.ts";
import {
  type FakeCall,
  type FakeMessage,
  type FakeSocket,
  LAYOUT,
  notFaked,
  type SentMessage,
  SYSCALLS,
  writeSlot,
} from "./socket.ts";
import { cut } from "./udp-segment.ts";

export interface FakeShim extends Shim, Pick<FakeRestrictions, "became" | "confined" | "rules"> {
  /** Every socket that was ever opened, and those that are still open. */
  readonly opened: readonly FakeSocket[];
  readonly open: readonly FakeSocket[];
  /** The number of calls of `trim`. */
  readonly trimmed: number;
  /** Called with each new socket before its opener has it: the place to set its `answer`. */
  onOpen: (socket: FakeSocket) => void;
  /** Makes the next `times` calls fail with errno `code`. */
  fail(call: FakeCall, code: keyof typeof constants.errno, times?: number): void;
  /** Queues messages and calls the watch, until the queue is empty or a call takes nothing. */
  deliver(socket: FakeSocket, ...messages: readonly FakeMessage[]): void;
}

const BPF_LINK_UPDATE = 29;
const KNOWN_DOMAINS = [AF_INET, AF_INET6, AF_NETLINK, AF_PACKET];

const portOf = (address: Uint8Array | undefined): number | undefined =>
  address === undefined ? undefined : parseInetAddress(address)?.port;

const range = (holds: boolean): void => {
  if (!holds) throw new RangeError("outside the arrays");
};

class FakeSockets extends FakeRestrictions implements FakeShim {
  readonly layout = LAYOUT;
  readonly opened: FakeSocket[] = [];
  trimmed = 0;
  onOpen: (socket: FakeSocket) => void = () => undefined;
  readonly #open = new Map<number, FakeSocket>();
  readonly #watches = new Map<number, () => void>();
  readonly #failures = new Map<FakeCall, number[]>();
  #last = 100;

  get open(): FakeSocket[] {
    return [...this.#open.values()];
  }

  fail(call: FakeCall, code: keyof typeof constants.errno, times = 1): void {
    const waiting = this.#failures.get(call) ?? [];
    this.#failures.set(call, [...waiting, ...new Array<number>(times).fill(constants.errno[code])]);
  }

  /** Returns 0, or the errno that the test asked for. */
  #failure(call: FakeCall): number {
    return this.#failures.get(call)?.shift() ?? 0;
  }

  #check(call: FakeCall): void {
    const errno = this.#failure(call);
    if (errno !== 0) throw makeShimError(-errno, SYSCALLS[call]);
  }

  #at(fd: number, syscall: string): FakeSocket {
    const socket = this.#open.get(fd);
    if (socket === undefined) throw makeShimError(-constants.errno.EBADF, syscall);
    return socket;
  }

  socket(domain: number, type: number, protocol: number, namespace?: string): number {
    this.#check("socket");
    if (!KNOWN_DOMAINS.includes(domain)) throw makeShimError(-constants.errno.EAFNOSUPPORT, "socket");
    return this.#add(domain, type, protocol, namespace);
  }

  pidfd(pid: number): number {
    this.#check("pidfd");
    return this.#add(0, 0, pid, undefined);
  }

  #add(domain: number, type: number, protocol: number, namespace: string | undefined): number {
    const nothing = { address: undefined, peer: undefined, filter: undefined, answer: undefined };
    const identity = { fd: ++this.#last, domain, type, protocol, namespace };
    const socket: FakeSocket = {
      ...identity,
      ...nothing,
      options: new Map(),
      hardware: new Map(),
      inbox: [],
      sent: [],
    };
    this.#open.set(socket.fd, socket);
    this.opened.push(socket);
    this.onOpen(socket);
    return socket.fd;
  }

  bind(fd: number, address: Uint8Array): void {
    this.#check("bind");
    const socket = this.#at(fd, "bind");
    const bound = address.slice();
    if (portOf(bound) === 0) new DataView(bound.buffer).setUint16(2, 32_768 + fd);
    const port = portOf(bound);
    const isSame = ({ address }: FakeSocket) => portOf(address) === port && address?.length === bound.length;
    if (port !== undefined && this.open.some(isSame)) throw makeShimError(-constants.errno.EADDRINUSE, "bind");
    socket.address = bound;
  }

  connect(fd: number, address: Uint8Array): void {
    this.#check("connect");
    this.#at(fd, "connect").peer = address.slice();
  }

  name(fd: number): Uint8Array {
    return this.#at(fd, "getsockname").address?.slice() ?? new Uint8Array(16);
  }

  hardware(fd: number, name: string): Uint8Array {
    this.#check("hardware");
    const found = this.#at(fd, "ioctl").hardware.get(name);
    if (found === undefined) throw makeShimError(-constants.errno.ENODEV, "ioctl");
    return found.slice();
  }

  setOption(fd: number, level: number, option: number, value: Uint8Array): void {
    this.#check("setOption");
    this.#at(fd, "setsockopt").options.set(`${level}/${option}`, value.slice());
  }

  getOption(fd: number, level: number, option: number, length: number): Uint8Array {
    const value = this.#at(fd, "getsockopt").options.get(`${level}/${option}`) ?? new Uint8Array(length);
    return value.slice(0, length);
  }

  attachFilter(fd: number, program: Uint8Array): void {
    this.#check("attachFilter");
    range(program.length > 0 && program.length % 8 === 0);
    this.#at(fd, "setsockopt").filter = program.slice();
  }

  receive(fd: number, batch: ReceiveBatch): number {
    range(batch.words.length >= batch.slots * LAYOUT.slotWords && batch.bytes.length >= batch.slots * batch.stride);
    const socket = this.#open.get(fd);
    const errno = socket === undefined ? constants.errno.EBADF : this.#failure("receive");
    if (socket === undefined || errno !== 0) return -errno;
    const messages = socket.inbox.splice(0, batch.slots);
    for (const [i, message] of messages.entries()) writeSlot(LAYOUT, batch, i, message);
    return messages.length;
  }

  send(
    fd: number,
    bytes: Uint8Array,
    offsets: Uint32Array,
    lengths: Uint32Array,
    first: number,
    count: number,
    address?: Uint8Array,
  ): number {
    range(first + count <= offsets.length && first + count <= lengths.length);
    const socket = this.#open.get(fd);
    const errno = socket === undefined ? constants.errno.EBADF : this.#failure("send");
    if (socket === undefined || errno !== 0) return -errno;
    for (let i = first; i < first + count; i++) {
      const [offset = 0, length = 0] = [offsets[i], lengths[i]];
      range(offset + length <= bytes.length);
      const pieces = cut(socket.options, bytes.slice(offset, offset + length));
      for (const piece of pieces) this.#carry(socket, { bytes: piece, to: address?.slice() });
    }
    return count;
  }

  /** Delivers to the socket of that port, and queues the answers. Calls watches later, as a kernel does. */
  #carry(socket: FakeSocket, message: SentMessage): void {
    socket.sent.push(message);
    const port = portOf(message.to ?? socket.peer);
    const peer = port === undefined ? undefined : this.open.find((other) => portOf(other.address) === port);
    peer?.inbox.push({ bytes: message.bytes });
    const answers = socket.answer?.(message.bytes) ?? [];
    socket.inbox.push(...answers.map((bytes) => ({ bytes })));
    for (const reached of [peer, socket]) if (reached !== undefined) queueMicrotask(() => this.#call(reached));
  }

  /** Returns memory that never fills; the rings of packet-sockets.ts do. */
  map(fd: number, length: number): ArrayBuffer {
    this.#at(fd, "mmap");
    return new ArrayBuffer(length);
  }

  trim(): void {
    this.trimmed++;
  }

  readonly statfs = notFaked("statfs");
  readonly exit = notFaked("exit");

  /** Makes a descriptor for each map, program and link, whose memory never fills. */
  bpf(command: number): number {
    return command === BPF_LINK_UPDATE ? 0 : this.#add(0, 0, command, undefined);
  }

  unmap(memory: ArrayBuffer): void {
    structuredClone(memory, { transfer: [memory] });
  }

  watch(fd: number, onReadable: () => void) {
    if (!this.#open.has(fd)) throw makeShimError(-constants.errno.EBADF, "epoll_ctl");
    if (this.#watches.has(fd)) throw makeShimError(-constants.errno.EEXIST, "watch");
    this.#watches.set(fd, onReadable);
    const socket = this.#at(fd, "epoll_ctl");
    queueMicrotask(() => this.#call(socket));
    return {
      close: () => {
        if (this.#watches.get(fd) === onReadable) this.#watches.delete(fd);
      },
    };
  }

  deliver(socket: FakeSocket, ...messages: readonly FakeMessage[]): void {
    socket.inbox.push(...messages);
    this.#call(socket);
  }

  #call(socket: FakeSocket): void {
    for (let before = Number.POSITIVE_INFINITY; socket.inbox.length > 0 && socket.inbox.length < before; ) {
      before = socket.inbox.length;
      this.#watches.get(socket.fd)?.();
    }
  }

  close(fd: number): void {
    this.#at(fd, "close");
    this.#open.delete(fd);
    this.#watches.delete(fd);
  }

  closeAside = (fd: number): void => this.close(fd);
}

export const makeFakeShim = (): FakeShim => new FakeSockets();
