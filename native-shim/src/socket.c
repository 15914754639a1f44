// Binds, connects, names, locks and closes descriptors. See bind(2), getsockname(2), netdevice(7) and pidfd_open(2).
#include "shim.h"

#include <errno.h>
#include <net/if.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// Opens a pidfd, which is always close-on-exec. Makes the system call by number, because glibc lacks it before 2.36.
napi_value shim_pidfd(napi_env env, napi_callback_info info) {
  int pid;
  if (!take(env, info, "d", &pid)) return NULL;
  return give_result(env, syscall(SYS_pidfd_open, pid, 0));
}

static napi_value call_with_address(napi_env env, napi_callback_info info,
                                    int (*call)(int, const struct sockaddr *, socklen_t)) {
  int fd;
  struct array address;
  if (!take(env, info, "db", &fd, &address)) return NULL;
  return give_result(env, call(fd, address.data, (socklen_t)address.length));
}

napi_value shim_bind(napi_env env, napi_callback_info info) { return call_with_address(env, info, bind); }
napi_value shim_connect(napi_env env, napi_callback_info info) { return call_with_address(env, info, connect); }

// Reads the address of a socket. Returns its length, which may exceed the size of the buffer.
napi_value shim_name(napi_env env, napi_callback_info info) {
  int fd;
  struct array address;
  if (!take(env, info, "db", &fd, &address)) return NULL;
  socklen_t length = (socklen_t)address.length;
  int result = getsockname(fd, address.data, &length);
  return give_result(env, result < 0 ? result : (int64_t)length);
}

// Does not retry after EINTR, because on Linux the descriptor is closed then, and another thread may reuse its number.
napi_value shim_close(napi_env env, napi_callback_info info) {
  int fd;
  if (!take(env, info, "d", &fd)) return NULL;
  return give_result(env, close(fd) < 0 && errno != EINTR ? -1 : 0);
}

// Completes a struct ifreq, which has the name of an interface in the socket's namespace, by its type and address.
napi_value shim_hardware(napi_env env, napi_callback_info info) {
  int fd;
  struct array request;
  if (!take(env, info, "db", &fd, &request)) return NULL;
  if (request.length < sizeof(struct ifreq)) return throw_range(env, "a struct ifreq has 40 bytes");
  return give_result(env, ioctl(fd, SIOCGIFHWADDR, request.data));
}

// Locks an open file or folder without waiting. The lock ends with the last descriptor of this opening. See flock(2).
napi_value shim_lock(napi_env env, napi_callback_info info) {
  int fd;
  if (!take(env, info, "d", &fd)) return NULL;
  return give_result(env, flock(fd, LOCK_EX | LOCK_NB));
}
