// The contract of the native boundary: sockets that Node cannot open, and batches in typed arrays. See README.md.

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

/** Memory that `receive` fills, at most `stride` bytes for each message. Made once and used again. */
export interface ReceiveBatch {
  readonly slots: number;
  readonly stride: number;
  readonly words: Uint32Array;
  readonly bytes: Uint8Array;
}

/** The error of a system call: `code` "EPERM", `errno` 1, `syscall` "socket". */
export interface ShimError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
}

/** A user and its groups, by number. setresuid(2), setgroups(2) */
export interface ProcessUser {
  readonly uid: number;
  readonly gid: number;
  /** All supplementary groups. */
  readonly groups: readonly number[];
}

export interface Watch {
  close(): void;
}

/**
 * All calls are synchronous and do not wait: every descriptor is non-blocking and close-on-exec.
 * Set-up calls throw ShimError. `receive` and `send`, called for each batch, return a negative errno instead.
 */
export interface Shim {
  readonly layout: Layout;
  /**
   * Opens a socket, in another network namespace if `namespace` is given: a path such as /run/netns/blue or
   * /proc/1/ns/net.
   */
  socket(domain: number, type: number, protocol: number, namespace?: string): number;
  /** Opens a descriptor that becomes readable when process `pid` ends. pidfd_open(2) */
  pidfd(pid: number): number;
  /** `address` is a whole struct sockaddr. */
  bind(fd: number, address: Uint8Array): void;
  connect(fd: number, address: Uint8Array): void;
  /** Returns the socket's own address. */
  name(fd: number): Uint8Array;
  /**
   * Returns type (ARPHRD_*) and address of an interface in the socket's namespace, as a struct sockaddr of 16 bytes.
   * Waits for no lock.
   */
  hardware(fd: number, name: string): Uint8Array;
  setOption(fd: number, level: number, option: number, value: Uint8Array): void;
  getOption(fd: number, level: number, option: number, length: number): Uint8Array;
  /**
   * Attaches a filter and replaces the one in force atomically. `program` is an array of struct sock_filter, 8 bytes
   * each, in host order.
   */
  attachFilter(fd: number, program: Uint8Array): void;
  /**
   * Receives up to `batch.slots` messages in one system call, so more may wait. Returns how many came, 0 if none waits,
   * or -errno.
   */
  receive(fd: number, batch: ReceiveBatch): number;
  /**
   * Sends `count` messages in as few system calls as the kernel allows, to `address` or to the connected peer.
   * Message i is `lengths[first + i]` bytes of `bytes` at `offsets[first + i]`. Returns how many the kernel took, or
   * -errno if it took none.
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
   * Maps the first `length` bytes of the memory that the kernel shares through `fd`. It stays, and keeps the socket
   * open, until `unmap`. mmap(2)
   */
  map(fd: number, length: number): ArrayBuffer;
  /** Unmaps memory from `map`. Arrays over it are empty from then on. */
  unmap(memory: ArrayBuffer): void;
  /**
   * Calls back while `fd` is readable (level-triggered), until closed: at once after a pause, otherwise at least 4 ms
   * apart. A watch may be closed in its own callback, and does not keep the process alive. Throws EEXIST for a second
   * watch of a descriptor.
   */
  watch(fd: number, onReadable: () => void): Watch;
  /**
   * Reduces the privileges of every thread of the process, for good. `capabilities` has one bit for each that stays:
   * effective, permitted and, if the process may change it, bounding. Programs that it starts inherit nothing, and none
   * adds privileges (no_new_privs). With `user` the process becomes that user; without, user and groups stay. After an
   * error some threads may have changed, so the caller must end the process.
   */
  become(user: ProcessUser | undefined, capabilities: bigint): void;
  /**
   * Gives back the pages of the program's own file. Pages that are used again come back at once from the kernel's
   * cache. If the kernel refuses, they stay. Never call it with --use-largepages: then the program is no longer mapped
   * from its file, and would be lost.
   */
  trim(): void;
  /** Closes `fd`, and its watch. */
  close(fd: number): void;
  /**
   * Closes a packet socket in a thread of Node. The kernel waits until no processor delivers packets to it any more:
   * 20 ms, and up to 170 ms on a busy machine.
   */
  closeAside(fd: number): void;
}
