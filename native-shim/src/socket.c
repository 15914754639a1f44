// Binds, connects, names and closes sockets. See bind(2), connect(2), getsockname(2), netdevice(7) and pidfd_open(2).
#include "shim.h"

#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <string.h>
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

// Writes a struct sockaddr: type and address of an interface in the socket's namespace.
napi_value shim_hardware(napi_env env, napi_callback_info info) {
  int fd;
  char name[PATH_MAX];
  struct array into;
  struct ifreq request = {0};
  if (!take(env, info, "dsb", &fd, name, &into)) return NULL;
  if (strlen(name) >= IFNAMSIZ || into.length < sizeof request.ifr_hwaddr) {
    return throw_range(env, "a name has at most 15 bytes, an address 16");
  }
  strcpy(request.ifr_name, name);
  int result = ioctl(fd, SIOCGIFHWADDR, &request);
  memcpy(into.data, &request.ifr_hwaddr, sizeof request.ifr_hwaddr);
  return give_result(env, result);
}
