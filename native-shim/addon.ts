// The exports of the compiled addon. Each is a C function in src/.

import type { Layout, Shim } from "./shim.ts";

/** A pointer, which JavaScript cannot read. */
export type NativeTimer = object;

/** The functions. Each returns the result of its system call, or -errno, and throws only for an invalid argument. */
export interface Addon {
  readonly layout: Layout;
  socket(domain: number, type: number, protocol: number, namespace?: string): number;
  pidfd(pid: number): number;
  bind(fd: number, address: Uint8Array): number;
  connect(fd: number, address: Uint8Array): number;
  name(fd: number, into: Uint8Array): number;
  /** `request` is a struct ifreq with the name. The call writes a struct sockaddr behind the name. */
  hardware(fd: number, request: Uint8Array): number;
  lock(fd: number): number;
  close(fd: number): number;
  setOption(fd: number, level: number, option: number, value: Uint8Array): number;
  getOption(fd: number, level: number, option: number, into: Uint8Array): number;
  attachFilter(fd: number, program: Uint8Array): number;
  receive(fd: number, words: Uint32Array, bytes: Uint8Array, slots: number, stride: number): number;
  send: Shim["send"];
  /** Memory is read-only if `writable` is 0. */
  map(fd: number, length: number, offset: number, writable: number): ArrayBuffer | number;
  unmap(memory: ArrayBuffer): number;
  /** Lets the event loop wait for readable descriptors. Call once. Returns the descriptor of its epoll. */
  watch(onReadable: (number: number) => void): number;
  /** Calls `onReadable(number)` once when `fd` is readable, and again only after the next `arm`. */
  arm(epoll: number, fd: number, number: number): number;
  disarm(epoll: number, fd: number): number;
  /** Returns a timer of the event loop, or -errno. */
  timer(onTime: () => void): NativeTimer | number;
  /** Calls `onTime` once after `milliseconds`; never if 0. */
  setTimer(timer: NativeTimer, milliseconds: number): number;
  /** Drops privileges. `uid` 2^32 - 1 keeps user and groups. `capabilities` has bits 0 to 31, then bits 32 to 63. */
  become(uid: number, gid: number, groups: Uint32Array, capabilities: Uint32Array): number;
  trim(): number;
  /** Creates a ruleset from its attributes if `ruleset` is -1, or adds a rule of this type. */
  landlock(ruleset: number, type: number, bytes: Uint8Array): number;
  /** Ruleset -1 means none. */
  confine(ruleset: number, program: Uint8Array): number;
  /** Returns the descriptor of a pipe, which will contain one struct statfs, or nothing after an error. */
  statfs(path: string): number;
  exit: Shim["exit"];
  /** Writes the addresses of `program` and `log` into the attributes. */
  bpf(command: number, attributes: Uint8Array, program?: Uint8Array, log?: Uint8Array): number;
  /** Returns the descriptor that came with the answer, or -ENODATA if none came. `passed` -1 means none. */
  exchange(fd: number, passed: number, request: Uint8Array, answer: Uint8Array, milliseconds: number): number;
}
