// A socket inside another network namespace. setns(2), network_namespaces(7)
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

struct request {
  const char *path;
  int domain, type, protocol;
  int fd;
  int error;
};

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
  if (enter(request->path) == 0) request->fd = open_socket(request->domain, request->type, request->protocol);
  request->error = errno;
  return NULL;
}

// A namespace belongs to a thread, and a socket keeps that of the thread which made it. The thread that enters ends at
// once, so that no thread of Node is ever in the wrong namespace, not even where the way back would have failed.
int open_socket_in(const char *path, int domain, int type, int protocol) {
  struct request request = {.path = path, .domain = domain, .type = type, .protocol = protocol, .fd = -1};
  pthread_t thread;
  errno = pthread_create(&thread, NULL, run, &request);
  if (errno != 0) return -1;
  pthread_join(thread, NULL);
  errno = request.error;
  return request.fd;
}
