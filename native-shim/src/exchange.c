// Sends a message to a process on a unix socket and waits for its answer. Both may carry a descriptor. See unix(7),
// SCM_RIGHTS, and cmsg(3).
#include "shim.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// Room for one descriptor beside a message. Lengths are those of one without padding, so that there are never two.
union control {
  char bytes[CMSG_SPACE(sizeof(int))];
  struct cmsghdr header;
};

static int send_with(int fd, struct array bytes, int passed) {
  union control control = {.header = {CMSG_LEN(sizeof passed), SOL_SOCKET, SCM_RIGHTS}};
  memcpy(CMSG_DATA(&control.header), &passed, sizeof passed);
  struct iovec vector = {bytes.data, bytes.length};
  struct msghdr message = {NULL, 0, &vector, 1, &control, passed < 0 ? 0 : CMSG_LEN(sizeof passed), 0};
  return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

// Returns the descriptor that came with the answer, -ENODATA if none came, or another -errno.
static int receive_with(int fd, struct array bytes) {
  union control control;
  struct iovec vector = {bytes.data, bytes.length};
  struct msghdr message = {NULL, 0, &vector, 1, &control, CMSG_LEN(sizeof(int)), 0};
  ssize_t length = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  int passed = -ENODATA;
  if (length < 0) return -errno;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_type == SCM_RIGHTS) memcpy(&passed, CMSG_DATA(header), sizeof passed);
  if ((size_t)length == bytes.length && !(message.msg_flags & MSG_TRUNC)) return passed;
  if (passed >= 0) close(passed);
  return length == 0 ? -ECONNRESET : -EBADMSG;
}

// Passes the descriptor `passed` unless it is -1. Waits at most `milliseconds`, and returns -ETIMEDOUT after that. An
// answer that has not the length of `answer` is -EBADMSG.
napi_value shim_exchange(napi_env env, napi_callback_info info) {
  int fd, passed;
  size_t milliseconds;
  struct array request, answer;
  if (!take(env, info, "dibbn", &fd, &passed, &request, &answer, &milliseconds)) return NULL;
  int sent = send_with(fd, request, passed);
  if (sent < 0) return give(env, sent);
  struct pollfd watched = {.fd = fd, .events = POLLIN};
  int ready = poll(&watched, 1, (int)milliseconds);
  return ready > 0 ? give(env, receive_with(fd, answer)) : give(env, ready < 0 ? -errno : -ETIMEDOUT);
}
