// Code that an attacker has got into the agent: node --import planted.mjs dist/hsflowd.js. PLANTED_ADDON is raw-call.c,
// compiled; PLANTED_WORLD has the process, files and port to attack. As soon as the agent is confined, tries what it
// must not be able to do, and prints `planted: ` with the result of each attempt as JSON.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { getSystemErrorName } from "node:util";

const { call } = createRequire(import.meta.url)(process.env["PLANTED_ADDON"]);
const { victim, secret, folder, port } = JSON.parse(process.env["PLANTED_WORLD"]);

const text = (value) => new TextEncoder().encode(`${value}\0`);
const bytes = (length) => new Uint8Array(length);
const [AT_FDCWD, O_RDONLY, O_CREAT, O_WRONLY] = [-100, 0, 0o100, 1];
const [CLONE_NEWNS, CLONE_NEWUSER, SIGCHLD] = [0x2_0000, 0x1000_0000, 17];
const [AF_INET, AF_VSOCK, SOCK_STREAM] = [2, 40, 1];

function connectTo(port) {
  const fd = call(41, AF_INET, SOCK_STREAM, 0);
  if (fd < 0) return fd;
  const address = Uint8Array.of(AF_INET, 0, port >> 8, port & 255, 127, 0, 0, 1, ...bytes(8));
  const result = call(42, fd, address, address.length);
  call(3, fd);
  return result;
}

/** Numbers of x86-64. */
const attempts = {
  execve: () => call(59, text("/bin/true"), bytes(8), bytes(8)),
  fork: () => call(56, SIGCHLD, 0, 0, 0, 0),
  ptrace: () => call(101, 16, victim, 0, 0),
  process_vm_readv: () => call(310, victim, bytes(16), 1, bytes(16), 1, 0),
  process_vm_writev: () => call(311, victim, bytes(16), 1, bytes(16), 1, 0),
  kill: () => call(62, victim, 0),
  "tgkill of others": () => call(234, victim, victim, 0),
  "prlimit64 of others": () => call(302, victim, 7, 0, bytes(16)),
  mount: () => call(165, text("none"), text("/mnt"), text("tmpfs"), 0, 0),
  unshare: () => call(272, CLONE_NEWUSER),
  "setns of mounts": () => call(308, 0, CLONE_NEWNS),
  bpf: () => call(321, 0, bytes(128), 128),
  io_uring_setup: () => call(425, 8, bytes(120)),
  io_uring_enter: () => call(426, 0, 0, 0, 0, 0, 0),
  userfaultfd: () => call(323, 0),
  keyctl: () => call(250, 0, 0, 0),
  memfd_create: () => call(319, text("x"), 0),
  "socket of VSOCK": () => call(41, AF_VSOCK, SOCK_STREAM, 0),
  "ioctl TIOCSTI": () => call(16, 0, 0x5412, text("x")),
  "prctl PR_SET_DUMPABLE": () => call(157, 4, 1),
  "x32 getpid": () => call(0x4000_0000 + 39),
  "open /etc/shadow": () => call(257, AT_FDCWD, text("/etc/shadow"), O_RDONLY),
  "open a file elsewhere": () => call(257, AT_FDCWD, text(secret), O_RDONLY),
  "create a file elsewhere": () => call(257, AT_FDCWD, text(`${folder}/new`), O_WRONLY | O_CREAT, 0o600),
  "connect elsewhere": () => connectTo(port),
};

const isConfined = () => /^Seccomp:\t2$/m.test(readFileSync("/proc/self/status", "utf8"));

const timer = setInterval(() => {
  if (!isConfined()) return;
  clearInterval(timer);
  const named = (result) => (result < 0 ? getSystemErrorName(result) : "done");
  const results = Object.entries(attempts).map(([name, attempt]) => [name, named(attempt())]);
  process.stdout.write(`planted: ${JSON.stringify(Object.fromEntries(results))}\n`);
}, 20).unref();
