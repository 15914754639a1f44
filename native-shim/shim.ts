// The native boundary as TypeScript sees it: sockets that Node cannot open, batches in typed arrays. See README.md
// beside.

/** Where a received message stands: offsets that the addon states, so that TypeScript never writes one down. */
export interface Layout {
  /** Words of a slot in `words` of a receive batch. The members below are places of values within a slot. */
  readonly slotWords: number;
  /** Where the message begins in `bytes`. */
  readonly offset: number;
  /** Bytes of the message that fit. */
  readonly length: number;
  readonly flags: number;
  /** Bit in the value of `flags`: the message was longer than the stride. */
  readonly truncated: number;
}

/** Memory that `receive` fills. `stride` bytes a slot at most; made once and used again. */
export interface ReceiveBatch {
  readonly slots: number;
  readonly stride: number;
  readonly words: Uint32Array;
  readonly bytes: Uint8Array;
}

/** An errno of a system call, as an Error: `code` "EPERM", `errno` 1, `syscall` "socket". */
export interface ShimError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
}

/** Numbers, as setresuid(2) takes them. */
export interface ProcessUser {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups, all of them. */
  readonly groups: readonly number[];
}

export interface Watch {
  close(): void;
}

/**
 * All calls are synchronous and do not wait: every descriptor is non-blocking and close-on-exec.
 * Set-up calls throw ShimError. `receive` and `send` run per batch and return a negative errno instead.
 */
export interface Shim {
  readonly layout: Layout;
  /**
   * A socket, inside the network namespace at `namespace` (a path such as /run/netns/blue or /proc/1/ns/net) where
   * given.
   */
  socket(domain: number, type: number, protocol: number, namespace?: string): number;
  /** A descriptor that is readable from the end of process `pid` on. pidfd_open(2) */
  pidfd(pid: number): number;
  /** `address` is a whole sockaddr as the kernel lays it out. */
  bind(fd: number, address: Uint8Array): void;
  connect(fd: number, address: Uint8Array): void;
  /** The socket's own address. */
  name(fd: number): Uint8Array;
  /**
   * struct sockaddr, 16 bytes: ARPHRD_ type and address of an interface in the socket's namespace. Waits for no lock.
   */
  hardware(fd: number, name: string): Uint8Array;
  setOption(fd: number, level: number, option: number, value: Uint8Array): void;
  getOption(fd: number, level: number, option: number, length: number): Uint8Array;
  /** `program` is an array of struct sock_filter, 8 bytes each, host order. Replaces the filter in force atomically. */
  attachFilter(fd: number, program: Uint8Array): void;
  /** Up to `batch.slots` messages, in one system call, so fewer may come than wait; 0 when none waits, or -errno. */
  receive(fd: number, batch: ReceiveBatch): number;
  /**
   * Sends `count` messages in as few system calls as the kernel allows. Message i is `lengths[first + i]` bytes of
   * `bytes` at `offsets[first + i]`, to `address` or to the connected peer. How many the kernel took, or -errno when it
   * took none.
   */
  send(
    fd: number,
    bytes: Uint8Array,
    offsets: Uint32Array,
    lengths: Uint32Array,
    first: number,
    count: number,
    address?: Uint8Array,
  ): number;
  /**
   * Memory that the kernel shares through `fd`, its first `length` bytes. It stays, and keeps the socket, until
   * `unmap`. mmap(2)
   */
  map(fd: number, length: number): ArrayBuffer;
  /** Arrays over `memory`, which `map` gave, are empty from then on. */
  unmap(memory: ArrayBuffer): void;
  /**
   * Calls back each time `fd` is readable (level-triggered), until closed; at once after a pause, else every 4 ms at
   * most. May be closed in its own callback. One watch a descriptor, else EEXIST. Does not keep the process alive by
   * itself.
   */
  watch(fd: number, onReadable: () => void): Watch;
  /**
   * Every thread of the process has `capabilities`, a bit each, from here on and never more: effective, permitted and,
   * where that was allowed, bounding; nothing is inherited by what it starts, and no program gives it privileges
   * (no_new_privs). With `user` it has become that one; without, user and groups stay. Not undone by an error: whoever
   * gets one ends the process.
   */
  become(user: ProcessUser | undefined, capabilities: bigint): void;
  /**
   * The pages of the program's own file leave the memory of the process; what is used again comes back at once from
   * the kernel's cache. Where the kernel refuses, they stay. Not for a program that is not run from its file: with
   * --use-largepages it would be lost.
   */
  trim(): void;
  /** Closes what watches `fd` as well. */
  close(fd: number): void;
  /**
   * The same for a packet socket, in a thread of Node's: the kernel waits until no processor hands packets to it any
   * more, 20 ms and up to 170 on a busy machine.
   */
  closeAside(fd: number): void;
}
