// Opens sockets, in the network namespace of the process or in another one. See socket(2), setns(2) and
// network_namespaces(7).
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
  const char *path;
  int domain, type, protocol;
  int fd, error;
};

static int enter(const char *path) {
  if (path[0] == '\0') return 0;
  int namespace = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (namespace < 0) return -1;
  int result = setns(namespace, CLONE_NEWNET);
  close(namespace);
  return result;
}

static void *run(void *argument) {
  struct request *request = argument;
  int type = request->type | SOCK_NONBLOCK | SOCK_CLOEXEC;
  if (enter(request->path) == 0) request->fd = socket(request->domain, type, request->protocol);
  request->error = errno;
  return NULL;
}

// Returns a non-blocking, close-on-exec socket. An empty path means the process's own namespace. Each thread is in a
// namespace, and a socket stays in the namespace of the thread that created it. So a new thread enters another
// namespace, creates the socket, and ends. Threads of Node never leave their namespace.
napi_value shim_socket(napi_env env, napi_callback_info info) {
  char path[PATH_MAX];
  pthread_t thread;
  struct request request = {.path = path, .fd = -1, .error = EAGAIN};
  if (!take(env, info, "iiiS", &request.domain, &request.type, &request.protocol, path)) return NULL;
  if (path[0] == '\0') run(&request);
  else if (pthread_create(&thread, NULL, run, &request) == 0) pthread_join(thread, NULL);
  return give(env, request.fd < 0 ? -request.error : request.fd);
}
