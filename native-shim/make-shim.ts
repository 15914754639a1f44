// Makes the shim from the addon. Adds the names of errors, exceptions and callbacks, so that the C code is small.

import { close } from "node:fs";
import { constants } from "node:os";
import type { Addon } from "./addon.ts";
import { throwErrno } from "./errno.ts";
import type { ReceiveBatch, Shim, Watch } from "./shim.ts";
import { makeWatches, type Watches } from "./watch.ts";

const LONGEST_ADDRESS = 128;
/** Bytes of a struct ifreq, of the name at its beginning, and of the struct sockaddr behind it. See netdevice(7). */
const IFREQ = { bytes: 40, name: 16, address: 16 };
/** Bytes of a struct sock_filter. */
const INSTRUCTION = 8;
/** (uid_t) -1, which keeps the user. */
const UNCHANGED = 2 ** 32 - 1;

function checked(result: number, syscall: string, place?: string): number {
  return result < 0 ? throwErrno(result, syscall, place) : result;
}

/** Makes a struct ifreq with a name. */
function requestFor(name: string): Uint8Array {
  const text = new TextEncoder().encode(name);
  if (text.length >= IFREQ.name) throw new RangeError(`the name of an interface has at most ${IFREQ.name - 1} bytes`);
  const request = new Uint8Array(IFREQ.bytes);
  request.set(text);
  return request;
}

/** Returns the first `result` bytes. The kernel returns the whole length even if it had no room for all of it. */
const filled = (bytes: Uint8Array, result: number): Uint8Array => bytes.subarray(0, Math.min(result, bytes.length));

/** Returns the program. Throws unless it is a list of instructions. See linux/filter.h, BPF_MAXINSNS. */
function whole(program: Uint8Array): Uint8Array {
  const count = program.length / INSTRUCTION;
  if (Number.isInteger(count) && count > 0 && count <= 4096) return program;
  throw new RangeError("a filter is 1 to 4096 instructions of 8 bytes");
}

/** The functions by which the process gives up privileges. */
const makeRestrictions = (addon: Addon): Pick<Shim, "become" | "ruleset" | "rule" | "confine"> => ({
  become(user = { uid: UNCHANGED, gid: UNCHANGED, groups: [] }, capabilities) {
    const words = Uint32Array.of(Number(capabilities & 0xffff_ffffn), Number(capabilities >> 32n));
    checked(addon.become(user.uid, user.gid, Uint32Array.from(user.groups), words), "capset");
  },
  ruleset: (attributes) => checked(addon.landlock(-1, 0, attributes), "landlock_create_ruleset"),
  rule: (ruleset, type, rule) => void checked(addon.landlock(ruleset, type, rule), "landlock_add_rule"),
  confine: (ruleset, program) => void checked(addon.confine(ruleset ?? -1, whole(program)), "seccomp"),
});

const makeExchange = (addon: Addon): Pick<Shim, "exchange"> => ({
  exchange(fd, request, answer, milliseconds, passed = -1) {
    const result = addon.exchange(fd, passed, request, answer, milliseconds);
    return result === -constants.errno.ENODATA ? undefined : checked(result, "recvmsg");
  },
});

/** The functions that wait in the event loop. */
function makeWaiting(addon: Addon, watches: Watches): Pick<Shim, "watch" | "alarm"> {
  return {
    watch: (fd: number, onReadable: () => void): Watch => watches.open(fd, onReadable),
    alarm(onTime) {
      const timer = addon.timer(onTime);
      if (typeof timer === "number") return throwErrno(timer, "uv_timer_init");
      const set = (milliseconds: number): void => void checked(addon.setTimer(timer, milliseconds), "uv_timer_start");
      return { set, clear: () => set(0) };
    },
  };
}

export function makeShim(addon: Addon): Shim {
  const watches = makeWatches(addon);
  // `unmap` in C accepts any ArrayBuffer, so only buffers from `map` are passed to it.
  const mapped = new WeakSet<ArrayBuffer>();
  return {
    layout: addon.layout,
    socket: (domain, type, protocol, namespace) =>
      checked(addon.socket(domain, type, protocol, namespace), "socket", namespace),
    pidfd: (pid) => checked(addon.pidfd(pid), "pidfd_open"),
    bind: (fd, address) => void checked(addon.bind(fd, address), "bind"),
    connect: (fd, address) => void checked(addon.connect(fd, address), "connect"),
    name(fd) {
      const into = new Uint8Array(LONGEST_ADDRESS);
      return filled(into, checked(addon.name(fd, into), "getsockname"));
    },
    hardware(fd, name) {
      const request = requestFor(name);
      checked(addon.hardware(fd, request), "ioctl");
      return request.slice(IFREQ.name, IFREQ.name + IFREQ.address);
    },
    setOption: (fd, level, option, value) => void checked(addon.setOption(fd, level, option, value), "setsockopt"),
    getOption(fd, level, option, length) {
      const into = new Uint8Array(length);
      return filled(into, checked(addon.getOption(fd, level, option, into), "getsockopt"));
    },
    attachFilter: (fd, program) => void checked(addon.attachFilter(fd, whole(program)), "setsockopt"),
    receive: (fd: number, batch: ReceiveBatch) =>
      addon.receive(fd, batch.words, batch.bytes, batch.slots, batch.stride),
    send: addon.send,
    map(fd, length, offset = 0, writable = true) {
      const memory = addon.map(fd, length, offset, Number(writable));
      if (typeof memory === "number") return throwErrno(memory, "mmap");
      mapped.add(memory);
      return memory;
    },
    unmap(memory) {
      if (!mapped.delete(memory)) throwErrno(-constants.errno.EINVAL, "munmap");
      checked(addon.unmap(memory), "munmap");
    },
    ...makeWaiting(addon, watches),
    lock(fd) {
      const result = addon.lock(fd);
      return result !== -constants.errno.EAGAIN && checked(result, "flock") === 0;
    },
    trim: () => void addon.trim(),
    ...makeRestrictions(addon),
    statfs: (path) => checked(addon.statfs(path), "statfs", path),
    exit: addon.exit,
    bpf: (command, attributes, program, log) => checked(addon.bpf(command, attributes, program, log), "bpf"),
    ...makeExchange(addon),
    close(fd) {
      watches.closeOf(fd);
      checked(addon.close(fd), "close");
    },
    closeAside(fd) {
      watches.closeOf(fd);
      close(fd, () => undefined);
    },
  };
}
