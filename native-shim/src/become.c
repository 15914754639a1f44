// Drops privileges and confines the process, irreversibly and in every thread. See capabilities(7), credentials(7),
// nptl(7), landlock(7) and seccomp(2).
#include "shim.h"

#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Old headers lack the numbers of Landlock's system calls, which are the same on every architecture.
enum { SETXID = 33, SIGNAL_SET = 8, ASKED = 1, CREATE_RULESET = 444, ADD_RULE, RESTRICT_SELF, RULE_BYTES = 16 };

// The kernel's struct sigaction. The members after the first differ by architecture and are passed back unchanged.
struct action {
  void (*handler)(int);
  char rest[56];
};

// The privileges to keep. `keep` is two words of capabilities. The uid (uid_t)-1 keeps user and groups.
static struct {
  size_t uid, gid;
  struct array groups, keep;
} wanted;

// The restrictions of `confine`. The ruleset -1 restricts no files.
static int ruleset;
static struct array program;

// Every thread runs this function, which changes only the calling thread. Returns 0 or -errno.
static int (*change)(void);
static atomic_int outcome;

// Makes system calls by number, because glibc's functions would change all threads. Programs that the process starts
// inherit no capability.
static int become(void) {
  const uint32_t *keep = wanted.keep.data;
  size_t uid = wanted.uid, gid = wanted.gid;
  for (int bit = 0; prctl(PR_CAPBSET_READ, bit, 0, 0, 0) >= 0; bit++) {
    bool kept = keep[bit / 32] >> bit % 32 & 1;
    if (!kept && prctl(PR_CAPBSET_DROP, bit, 0, 0, 0) < 0 && errno != EPERM) return -errno;
  }
  if (uid != (uid_t)-1 && (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 ||
                           syscall(SYS_setgroups, wanted.groups.length, wanted.groups.data) < 0 ||
                           syscall(SYS_setresgid, gid, gid, gid) < 0 || syscall(SYS_setresuid, uid, uid, uid) < 0))
    return -errno;
  struct __user_cap_header_struct self = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct sets[] = {{keep[0], keep[0], 0}, {keep[1], keep[1], 0}};
  return syscall(SYS_capset, &self, sets) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

static int confine(void) {
  struct sock_fprog filter = {(unsigned short)(program.length / sizeof *filter.filter), program.data};
  if (ruleset >= 0 && syscall(RESTRICT_SELF, ruleset, 0) < 0) return -errno;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0 ? -errno : 0;
}

static void on_signal(int signal) {
  (void)signal;
  int before = errno;
  atomic_store(&outcome, change());
  errno = before;
}

// Only a thread itself can change its capabilities, so all threads receive a signal. It is the signal that glibc uses
// for setuid(2), because no thread can block it. No thread is missed: only this thread creates threads, and none ends
// meanwhile. This thread changes last, because a filter may forbid the calls of this function.
static int in_every_thread(int (*wish)(void)) {
  struct action before, ours;
  if (syscall(SYS_rt_sigaction, SETXID, NULL, &before, SIGNAL_SET) < 0 || !before.handler) return -ENOSYS;
  DIR *tasks = opendir("/proc/self/task");
  if (!tasks) return -errno;
  change = wish;
  ours = before;
  ours.handler = on_signal;
  syscall(SYS_rt_sigaction, SETXID, &ours, NULL, SIGNAL_SET);
  int result = 0, own = (int)syscall(SYS_gettid);
  for (struct dirent *task; result == 0 && (task = readdir(tasks));) {
    int thread = 0;  // Without atoi, which glibc 2.38 compiles to a symbol that older systems lack.
    for (const char *at = task->d_name; *at; at++) thread = 10 * thread + (*at - '0');
    if (thread <= 0 || thread == own) continue;
    atomic_store(&outcome, ASKED);
    if (syscall(SYS_tgkill, getpid(), thread, SETXID) < 0) continue;
    while (atomic_load(&outcome) == ASKED) sched_yield();
    result = atomic_load(&outcome);
  }
  syscall(SYS_rt_sigaction, SETXID, &before, NULL, SIGNAL_SET);
  closedir(tasks);
  return result == 0 ? wish() : result;
}

napi_value shim_become(napi_env env, napi_callback_info info) {
  if (!take(env, info, "nnww", &wanted.uid, &wanted.gid, &wanted.groups, &wanted.keep)) return NULL;
  if (wanted.keep.length != 2) return throw_range(env, "capabilities are two words");
  return give(env, in_every_thread(become));
}

// Creates a ruleset from a struct landlock_ruleset_attr if `fd` is -1, or adds a rule to the ruleset `fd`.
napi_value shim_landlock(napi_env env, napi_callback_info info) {
  int fd, type;
  struct array bytes;
  if (!take(env, info, "iib", &fd, &type, &bytes)) return NULL;
  if (fd < 0) return give_result(env, syscall(CREATE_RULESET, bytes.data, bytes.length, 0));
  if (bytes.length < RULE_BYTES) return throw_range(env, "a rule has 16 bytes");
  return give_result(env, syscall(ADD_RULE, fd, type, bytes.data, 0));
}

napi_value shim_confine(napi_env env, napi_callback_info info) {
  if (!take(env, info, "ib", &ruleset, &program)) return NULL;
  return give(env, in_every_thread(confine));
}
