// The interface of the native addon: sockets that Node cannot open, and batches of messages. See README.md.

/** The layout of a received message. The addon exports these offsets, so that they are defined only in C. */
export interface Layout {
  /** Number of words of a slot in `words` of a receive batch. The members below are indices of words in a slot. */
  readonly slotWords: number;
  /** Index of the offset of the message in `bytes`. */
  readonly offset: number;
  /** Index of the number of bytes that were received. */
  readonly length: number;
  readonly flags: number;
  /** Bit in the word of `flags` which means that the message was longer than the stride. */
  readonly truncated: number;
}

/** Memory that `receive` fills, with at most `stride` bytes for each message. It is reused for all calls. */
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

/** A user and its groups, by number. See setresuid(2) and setgroups(2). */
export interface ProcessUser {
  readonly uid: number;
  readonly gid: number;
  /** All supplementary groups. */
  readonly groups: readonly number[];
}

export interface Watch {
  close(): void;
}

/** A timer. It does not keep the process alive. */
export interface Alarm {
  /** Sets the time in milliseconds from now, at least 1. Replaces the time that was set before. */
  set(milliseconds: number): void;
  clear(): void;
}

/**
 * The functions of the shim. All are synchronous and do not wait, because descriptors are non-blocking; they are also
 * close-on-exec. Functions throw ShimError, except `receive` and `send`, which return a negative errno.
 */
export interface Shim {
  readonly layout: Layout;
  /**
   * Opens a socket, in another network namespace if `namespace` is given: a path such as /run/netns/blue or
   * /proc/1/ns/net.
   */
  socket(domain: number, type: number, protocol: number, namespace?: string): number;
  /** Opens a descriptor that becomes readable when process `pid` ends. See pidfd_open(2). */
  pidfd(pid: number): number;
  /** Binds a socket. `address` is a whole struct sockaddr. */
  bind(fd: number, address: Uint8Array): void;
  connect(fd: number, address: Uint8Array): void;
  /** Returns the socket's own address. */
  name(fd: number): Uint8Array;
  /**
   * Returns type (ARPHRD_*) and address of an interface in the socket's namespace, as a struct sockaddr of 16 bytes.
   * Does not wait for a lock of the kernel.
   */
  hardware(fd: number, name: string): Uint8Array;
  setOption(fd: number, level: number, option: number, value: Uint8Array): void;
  getOption(fd: number, level: number, option: number, length: number): Uint8Array;
  /**
   * Attaches a filter, which atomically replaces the filter in force. `program` is an array of struct sock_filter, 8
   * bytes each, in the byte order of the host.
   */
  attachFilter(fd: number, program: Uint8Array): void;
  /**
   * Receives up to `batch.slots` messages in one system call. More may be waiting. Returns the number of messages, 0 if
   * none was waiting, or -errno.
   */
  receive(fd: number, batch: ReceiveBatch): number;
  /**
   * Sends `count` messages in as few system calls as the kernel allows, to `address` or to the connected peer.
   * Message i is `lengths[first + i]` bytes of `bytes` at `offsets[first + i]`. Returns the number of messages that the
   * kernel accepted, or -errno if it accepted none.
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
   * Maps `length` bytes of the memory that the kernel shares through `fd`, from `offset` on. The mapping keeps the
   * socket open until `unmap`. Without `writable`, any write to the memory ends the process. See mmap(2).
   */
  map(fd: number, length: number, offset?: number, writable?: boolean): ArrayBuffer;
  /** Unmaps memory of `map`. Typed arrays over the memory are empty from then on. */
  unmap(memory: ArrayBuffer): void;
  /**
   * Returns an alarm that calls `onTime` once each time it is set. It costs half of a timer of Node, and one that is
   * cleared does not wake the process.
   */
  alarm(onTime: () => void): Alarm;
  /**
   * Calls `onReadable` while `fd` is readable (level-triggered), until the watch is closed. The first call after a
   * pause is immediate; further calls are at least 4 ms apart. A watch may be closed in its own callback. It does not
   * keep the process alive. Throws EEXIST for a second watch of a descriptor.
   */
  watch(fd: number, onReadable: () => void): Watch;
  /**
   * Reduces the privileges of all threads of the process, irreversibly. `capabilities` has a bit for each capability to
   * keep, in the effective, permitted and, if the process may change it, bounding set. Programs that the process starts
   * inherit no capability and cannot gain privileges (no_new_privs). With `user`, the process becomes that user;
   * otherwise user and groups stay. After an error some threads may have changed, so the caller must end the process.
   */
  become(user: ProcessUser | undefined, capabilities: bigint): void;
  /**
   * Releases the memory pages of the program's own file. Pages that are used again are read from the page cache. If the
   * kernel refuses, the pages stay. Never call this with --use-largepages: then the program is not mapped from its
   * file, and its code would be lost.
   */
  trim(): void;
  /**
   * Locks an open file or folder for this process, without waiting. Returns false if another process has it locked. The
   * kernel unlocks it when `fd` is closed, also at the end of the process. See flock(2).
   */
  lock(fd: number): boolean;
  /**
   * Creates a ruleset of Landlock from a struct landlock_ruleset_attr, and returns its descriptor. Throws ENOSYS or
   * EOPNOTSUPP without Landlock, and EINVAL or E2BIG if it is too old for these attributes. See landlock(7).
   */
  ruleset(attributes: Uint8Array): number;
  /** Adds a rule of 16 bytes, for example a struct landlock_path_beneath_attr and padding. */
  rule(ruleset: number, type: number, rule: Uint8Array): void;
  /**
   * Restricts every thread of the process irreversibly: files by a ruleset, system calls by a filter of seccomp.
   * `program` is an array of struct sock_filter. Requires that `become` was called, or CAP_SYS_ADMIN. After an error
   * some threads may be restricted. See seccomp(2).
   */
  confine(ruleset: number | undefined, program: Uint8Array): void;
  /**
   * Reads the size of a file system in a child process, because a file system in user space may never answer. Returns
   * the descriptor of a pipe, readable when the child has ended: it has one struct statfs, or nothing after an error.
   * The call takes some milliseconds, because the kernel copies the tables of the process's memory. See statfs(2).
   */
  statfs(path: string): number;
  /**
   * Ends the process at once, without a wait for its threads, which process.exit does. One of them may wait for a name
   * server, or for a file system that hangs.
   */
  exit(code: number): never;
  /**
   * Makes a map, program or link of BPF, and returns its descriptor, or updates a link. `attributes` is the part of
   * union bpf_attr that belongs to the command. For BPF_PROG_LOAD, `program` is an array of struct bpf_insn under the
   * licence GPL, and the verifier writes text into `log` if the attributes have a log_level. See bpf(2).
   */
  bpf(command: number, attributes: Uint8Array, program?: Uint8Array, log?: Uint8Array): number;
  /**
   * Sends a message on a connected unix socket and waits for the answer, for `milliseconds` at most. `passed` is a
   * descriptor that goes with the message. Returns the descriptor that comes with the answer; undefined if none does.
   * Throws ShimError: ETIMEDOUT, ECONNRESET, or EBADMSG if the answer is not as long as `answer`.
   */
  exchange(
    fd: number,
    request: Uint8Array,
    answer: Uint8Array,
    milliseconds: number,
    passed?: number,
  ): number | undefined;
  /** Closes `fd` and its watch, if it has one. */
  close(fd: number): void;
  /**
   * Closes a packet socket in another thread. close(2) takes 20 ms, and up to 170 ms on a busy machine, because the
   * kernel waits until no processor delivers packets to the socket any more.
   */
  closeAside(fd: number): void;
}
