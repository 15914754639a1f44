// Sets and reads socket options, attaches packet filters. See getsockopt(2), packet(7), socket(7) SO_ATTACH_FILTER.
#include "shim.h"

#include <linux/filter.h>
#include <sys/socket.h>

napi_value shim_setOption(napi_env env, napi_callback_info info) {
  int fd, level, option;
  struct array value;
  if (!take(env, info, "diib", &fd, &level, &option, &value)) return NULL;
  return give_result(env, setsockopt(fd, level, option, value.data, (socklen_t)value.length));
}

// Reads an option into the given bytes. Returns the length of the value.
napi_value shim_getOption(napi_env env, napi_callback_info info) {
  int fd, level, option;
  struct array value;
  if (!take(env, info, "diib", &fd, &level, &option, &value)) return NULL;
  socklen_t length = (socklen_t)value.length;
  int result = getsockopt(fd, level, option, value.data, &length);
  return give_result(env, result < 0 ? result : (int64_t)length);
}

// Attaches a filter. The kernel copies the program, which may have any alignment, and checks it.
napi_value shim_attachFilter(napi_env env, napi_callback_info info) {
  int fd;
  struct array program;
  if (!take(env, info, "db", &fd, &program)) return NULL;
  struct sock_fprog filter = {(unsigned short)(program.length / sizeof *filter.filter), program.data};
  return give_result(env, setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter));
}
