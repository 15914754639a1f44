// The system calls that a running agent may make, by the architectures of the package, and what it needs each for. All
// others fail with EPERM. See syscalls(2), and asm/unistd.h of each architecture for the numbers.

import { AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_UNIX } from "../../sockets/socket-constants.ts";

/** Allows a call only if an argument, after `mask`, has one of these values. Looks at the lower 32 bits. */
export interface Condition {
  readonly argument: number;
  readonly mask?: number;
  readonly values: readonly number[];
}

export interface SystemCall {
  readonly name: string;
  /** The number of the call on x64; undefined if the architecture, or its C library, does not have the call. */
  readonly x64: number | undefined;
  readonly arm64: number | undefined;
  /** What the agent needs the call for; completes "needed to ...". */
  readonly because: string;
  readonly only?: Condition;
  /** The error instead of EPERM. */
  readonly errno?: number;
}

/** What is known only when the agent runs. */
export interface OwnProcess {
  readonly pid: number;
  /** Descriptors of the rings of io_uring that Node opened at its start. */
  readonly rings: readonly number[];
  /** Whether the agent samples by BPF, or may after a reload. Otherwise no call of bpf is permitted. */
  readonly bpf: boolean;
  /** Whether the agent may enter other network namespaces itself. Otherwise no call of setns is permitted. */
  readonly enters: boolean;
}

const NONE = undefined;
const ENOSYS = 38;

type Row = readonly [name: string, x64: number | undefined, arm64: number | undefined, because: string];

const ALWAYS: readonly Row[] = [
  ["read", 0, 63, "read files, sockets and pipes"],
  ["write", 1, 64, "write the log, answers to commands, and wake other threads"],
  ["writev", 20, 66, "send answers and pages in several pieces"],
  ["pread64", 17, 67, "read counters from files that stay open"],
  ["pwrite64", 18, 68, "write sequence numbers to the state file"],
  ["openat", 257, 56, "open counters, name services, and the code of a block that a reload adds"],
  ["close", 3, 57, "close files and sockets"],
  ["lseek", 8, 62, "read resolv.conf, and files of libpcap"],
  ["fcntl", 72, 25, "make sockets non-blocking"],
  ["flock", 73, 32, "replace sockets in turn with other agents"],
  ["ftruncate", 77, 46, "empty the pid file, and cut hsflowd.auto"],
  ["fchmod", 91, 52, "set the mode of hsflowd.auto"],
  ["chmod", 90, NONE, "set the mode of the socket of metrics { }"],
  ["fchmodat", NONE, 53, "the same on arm64"],
  ["rename", 82, NONE, "replace hsflowd.auto"],
  ["renameat", NONE, 38, "the same on arm64"],
  ["unlink", 87, NONE, "remove sockets, temporary files and the pid file"],
  ["unlinkat", NONE, 35, "the same on arm64"],
  ["stat", 4, NONE, "set the mode of a socket, and watch resolv.conf"],
  ["fstat", 5, 80, "tell files from devices"],
  ["newfstatat", 262, 79, "open shared libraries, and the same as stat on arm64"],
  ["statx", 332, 291, "look at files"],
  ["statfs", 137, 43, "report sizes of file systems"],
  ["access", 21, NONE, "tell whether a file exists"],
  ["faccessat", NONE, 48, "the same on arm64"],
  ["readlink", 89, NONE, "compare network namespaces"],
  ["readlinkat", NONE, 78, "the same on arm64"],
  ["pipe2", 293, 59, "ask a child for the size of a file system in user space, which may never answer"],
  ["close_range", 436, 436, "keep no socket open in that child"],
  ["wait4", 61, 260, "see the end of that child"],
  ["getdents64", 217, 61, "list processes, cgroups and disks"],
  ["getcwd", 79, 17, "find packages and the code of a block"],
  ["bind", 49, 200, "capture on an interface, listen for commands, and ask netlink"],
  ["connect", 42, 203, "send to collectors, and ask name servers, engines and the system bus"],
  ["listen", 50, 201, "serve metrics { } after a reload"],
  ["accept4", 288, 242, "take commands and requests for metrics"],
  ["getsockname", 51, 204, "know the port of a socket"],
  ["getsockopt", 55, 209, "read errors and drops of sockets"],
  ["setsockopt", 54, 208, "sample by a filter, map rings, and set sizes of buffers"],
  ["sendto", 44, 206, "ask name servers and the kernel"],
  ["recvfrom", 45, 207, "receive their answers"],
  ["sendmsg", 46, 211, "send DNS questions"],
  ["recvmsg", 47, 212, "receive DNS answers and packets of libpcap"],
  ["sendmmsg", 307, 269, "send datagrams to collectors"],
  ["recvmmsg", 299, 243, "receive samples and netlink messages"],
  ["shutdown", 48, 210, "end an answer"],
  ["epoll_ctl", 233, 21, "wait for sockets"],
  ["epoll_pwait", 281, 22, "wait for sockets"],
  ["eventfd2", 290, 19, "stop libpcap"],
  ["poll", 7, NONE, "wait for name servers, in the C library"],
  ["ppoll", NONE, 73, "the same on arm64"],
  ["pidfd_open", 434, 434, "see the end of a container or service"],
  ["brk", 12, 214, "use memory"],
  ["mmap", 9, 222, "use memory, rings of packet sockets, and shared libraries"],
  ["munmap", 11, 215, "release memory"],
  ["mprotect", 10, 226, "compile JavaScript"],
  ["pkey_mprotect", 329, 288, "compile JavaScript on processors with protection keys"],
  ["madvise", 28, 233, "release memory"],
  ["futex", 202, 98, "wait for other threads"],
  ["sched_yield", 24, 124, "let another thread of V8 end its work"],
  ["set_robust_list", 273, 99, "start a thread"],
  ["rseq", 334, 293, "start a thread"],
  ["sched_getparam", 143, 121, "start a thread of V8"],
  ["sched_getscheduler", 145, 120, "start a thread of V8"],
  ["getrusage", 98, 165, "report the processor time of metrics { }"],
  ["exit", 60, 93, "end a thread"],
  ["exit_group", 231, 94, "end the process"],
  ["rt_sigaction", 13, 134, "handle signals"],
  ["rt_sigprocmask", 14, 135, "handle signals"],
  ["rt_sigreturn", 15, 139, "return from a signal handler"],
  ["restart_syscall", 219, 128, "continue after SIGSTOP and SIGCONT"],
  ["clock_gettime", 228, 113, "read the time where the kernel's shared page cannot"],
  ["gettimeofday", 96, 169, "the same in older C libraries"],
  ["clock_nanosleep", 230, 115, "pause between batches"],
  ["getpid", 39, 172, "abort with a core file"],
  ["getuid", 102, 174, "log in at the system bus, and recognize links of this user"],

  ["getrandom", 318, 278, "choose DNS ids, and keys of hash tables"],
  ["uname", 63, 160, "read the name of the host"],
];

/** asm-generic/ioctls.h and linux/sockios.h */
const TCGETS = 0x5401;
const FIONREAD = 0x541b;
const FIONBIO = 0x5421;
const FIOCLEX = 0x5451;
const SIOCGIFNAME = 0x8910;
const SIOCGIFFLAGS = 0x8913;
const SIOCGIFADDR = 0x8915;
const SIOCGIFNETMASK = 0x891b;
const SIOCGIFMTU = 0x8921;
const SIOCGIFHWADDR = 0x8927;
const SIOCGIFINDEX = 0x8933;
const SIOCETHTOOL = 0x8946;
const OF_FILES = [TCGETS, FIONREAD, FIONBIO, FIOCLEX];
const OF_INTERFACES = [SIOCGIFNAME, SIOCGIFFLAGS, SIOCGIFADDR, SIOCGIFNETMASK, SIOCGIFMTU, SIOCGIFHWADDR, SIOCGIFINDEX];

/** linux/prctl.h */
const PR_SET_NAME = 15;
const PR_CAPBSET_READ = 23;
const PR_SET_VMA = 0x5356_4d41;

/** linux/bpf.h */
const BPF_MAP_CREATE = 0;
const BPF_PROG_LOAD = 5;
const BPF_LINK_CREATE = 28;
const BPF_LINK_UPDATE = 29;

/** linux/sched.h */
const CLONE_THREAD = 0x0001_0000;
const CLONE_NEWNET = 0x4000_0000;
/** All flags of new namespaces, and the signal at the end. */
const CLONE_MORE = 0x7e02_00ff;

const FAMILIES = [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET];

const sometimes = ({ pid, rings, bpf, enters }: OwnProcess): readonly SystemCall[] => [
  {
    ...{ name: "socket", x64: 41, arm64: 198, because: "open sockets of the families of systemd's unit" },
    only: { argument: 0, values: FAMILIES },
  },
  {
    ...{ name: "bpf", x64: 321, arm64: 280, because: "open taps of BPF on interfaces that appear, and after a reload" },
    only: { argument: 0, values: bpf ? [BPF_MAP_CREATE, BPF_PROG_LOAD, BPF_LINK_CREATE, BPF_LINK_UPDATE] : [] },
  },
  {
    ...{ name: "setns", x64: 308, arm64: 268, because: "open a socket in another network namespace" },
    only: { argument: 1, values: enters ? [CLONE_NEWNET] : [] },
  },
  {
    ...{ name: "clone", x64: 56, arm64: 220, because: "start threads, and the child for file systems" },
    only: { argument: 0, mask: CLONE_THREAD | CLONE_MORE, values: [CLONE_THREAD, 0] },
  },
  {
    ...{ name: "clone3", x64: 435, arm64: 435, because: "have the C library use clone, whose flags a filter can see" },
    ...{ only: { argument: 0, values: [] }, errno: ENOSYS },
  },
  {
    ...{ name: "tgkill", x64: 234, arm64: 131, because: "abort with a core file" },
    only: { argument: 0, values: [pid] },
  },
  {
    ...{ name: "ioctl", x64: 16, arm64: 29, because: "read addresses of interfaces, and make sockets non-blocking" },
    only: { argument: 1, values: [...OF_FILES, ...OF_INTERFACES, SIOCETHTOOL] },
  },
  {
    ...{ name: "prctl", x64: 157, arm64: 167, because: "name threads and memory, and load libcap" },
    only: { argument: 0, values: [PR_SET_NAME, PR_CAPBSET_READ, PR_SET_VMA] },
  },
  {
    ...{ name: "io_uring_enter", x64: 426, arm64: 426, because: "wait for sockets, in Node that has opened rings" },
    only: { argument: 0, values: rings },
  },
];

/** Returns all calls. */
export const systemCalls = (own: OwnProcess): readonly SystemCall[] => [
  ...ALWAYS.map(([name, x64, arm64, because]) => ({ name, x64, arm64, because })),
  ...sometimes(own),
];
