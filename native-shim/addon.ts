// What the compiled addon exports: one C function a verb, in src/.

import type { Layout, Shim } from "./shim.ts";

/** Every call returns what its system call gave, or -errno; a wrong argument throws. */
export interface Addon {
  readonly layout: Layout;
  socket(domain: number, type: number, protocol: number, namespace?: string): number;
  pidfd(pid: number): number;
  bind(fd: number, address: Uint8Array): number;
  connect(fd: number, address: Uint8Array): number;
  name(fd: number, into: Uint8Array): number;
  hardware(fd: number, name: string, into: Uint8Array): number;
  close(fd: number): number;
  setOption(fd: number, level: number, option: number, value: Uint8Array): number;
  getOption(fd: number, level: number, option: number, into: Uint8Array): number;
  attachFilter(fd: number, program: Uint8Array): number;
  receive(fd: number, words: Uint32Array, bytes: Uint8Array, slots: number, stride: number): number;
  send: Shim["send"];
  map(fd: number, length: number): ArrayBuffer | number;
  unmap(memory: ArrayBuffer): number;
  /** Starts the thread that waits; once. The descriptor of its epoll. */
  watch(onReadable: (number: number) => void): number;
  /** `onReadable(number)` once when `fd` is readable; again only after the next `arm`. */
  arm(epoll: number, fd: number, number: number): number;
  disarm(epoll: number, fd: number): number;
  /** `uid` 2^32 - 1 stays what it is, `gid` and `groups` too then. Capabilities 0 to 31, then 32 to 63. */
  become(uid: number, gid: number, groups: Uint32Array, capabilities: Uint32Array): number;
  trim(): number;
}
