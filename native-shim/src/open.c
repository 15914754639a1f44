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
  int fd;
  int error;
};

static void open_socket(struct request *request) {
  request->fd = socket(request->domain, request->type | SOCK_NONBLOCK | SOCK_CLOEXEC, request->protocol);
}

static int enter(const char *path) {
  int namespace = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (namespace < 0) return -1;
  int result = setns(namespace, CLONE_NEWNET);
  int error = errno;
  close(namespace);
  errno = error;
  return result;
}

static void *run(void *argument) {
  struct request *request = argument;
  if (enter(request->path) == 0) open_socket(request);
  request->error = errno;
  return NULL;
}

// Each thread is in a namespace, and a socket stays in the namespace of the thread that created it. So a new thread
// enters the other namespace, creates the socket, and ends. Threads of Node never leave their namespace.
static void open_inside(struct request *request) {
  pthread_t thread;
  errno = pthread_create(&thread, NULL, run, request);
  if (errno != 0) return;
  pthread_join(thread, NULL);
  errno = request->error;
}

// Returns a non-blocking, close-on-exec socket. An empty path means the process's own namespace.
napi_value shim_socket(napi_env env, napi_callback_info info) {
  char path[PATH_MAX];
  struct request request = {.path = path, .fd = -1};
  if (!take(env, info, "iiiS", &request.domain, &request.type, &request.protocol, path)) return NULL;
  if (path[0] == '\0') open_socket(&request);
  else open_inside(&request);
  return give_result(env, request.fd);
}
