// hsflowd-namespaces: tells the agent the network namespaces of processes, and opens sockets in them, so that the agent
// itself needs neither CAP_SYS_PTRACE nor CAP_SYS_ADMIN. systemd passes the listening socket as descriptor 3. See
// sd_listen_fds(3), unix(7), setns(2) and network_namespaces(7).
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/stat.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

enum { LISTENER = 3, MOST_CLIENTS = 16, PATH_BYTES = 32 };

// Names the namespace by a process, or by the descriptor that comes with the message if `pid` is 0. Domain 0 asks for
// the identity of the namespace of the process instead of a socket.
struct request {
  int32_t pid, domain, type, protocol;
};

// `error` is 0 or an errno. The identity is `net:[inode]`, or empty if the answer comes with a socket.
struct answer {
  int32_t error;
  char identity[PATH_BYTES];
};

// The sockets of the agent that are of use in another namespace. None receives packets of others.
static const struct request PERMITTED[] = {
    {0, AF_INET, SOCK_DGRAM, 0},
    {0, AF_INET6, SOCK_DGRAM, 0},
    {0, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE},
    {0, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG},
};

// The namespace of this process.
static int own;

static bool is_permitted(const struct request *asked) {
  for (size_t i = 0; i < sizeof PERMITTED / sizeof *PERMITTED; i++) {
    const struct request *one = &PERMITTED[i];
    if (one->domain == asked->domain && one->type == asked->type && one->protocol == asked->protocol) return true;
  }
  return false;
}

// Opens a socket in the namespace and returns to the own one, because a process keeps the namespace that it is in.
static int open_socket(int namespace, const struct request *asked) {
  if (setns(namespace, CLONE_NEWNET) < 0) return -errno;
  int fd = socket(asked->domain, asked->type | SOCK_NONBLOCK | SOCK_CLOEXEC, asked->protocol);
  int result = fd < 0 ? -errno : fd;
  if (setns(own, CLONE_NEWNET) < 0) _exit(1);
  return result;
}

// Returns the socket that is asked for, 0 if an identity is asked for and found, or -errno.
static int find(const struct request *asked, int passed, struct answer *answer) {
  char path[PATH_BYTES];
  if (asked->pid < 0 || (asked->pid == 0) != (passed >= 0)) return -EINVAL;
  snprintf(path, sizeof path, "/proc/%d/ns/net", asked->pid);
  if (asked->domain == 0 && asked->pid > 0)
    return readlink(path, answer->identity, sizeof answer->identity - 1) < 0 ? -errno : 0;
  if (!is_permitted(asked)) return -EACCES;
  if (passed >= 0) return open_socket(passed, asked);
  int namespace = open(path, O_RDONLY | O_CLOEXEC);
  if (namespace < 0) return -errno;
  int result = open_socket(namespace, asked);
  close(namespace);
  return result;
}

// Room for one descriptor beside a message.
union control {
  char bytes[CMSG_SPACE(sizeof(int))];
  struct cmsghdr header;
};

static bool reply(int client, struct answer *answer, int fd) {
  union control control = {.header = {CMSG_LEN(sizeof fd), SOL_SOCKET, SCM_RIGHTS}};
  memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
  struct iovec bytes = {answer, sizeof *answer};
  struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};
  if (fd > 0) message.msg_control = &control, message.msg_controllen = sizeof control;
  return sendmsg(client, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof *answer;
}

// Answers a request. Returns false if the client is gone, or sends what no agent sends.
static bool serve(int client) {
  struct request asked;
  struct answer answer = {0};
  union control control;
  struct iovec bytes = {&asked, sizeof asked};
  // The length is that of one descriptor without padding, so that the kernel never passes two.
  struct msghdr message = {NULL, 0, &bytes, 1, &control, CMSG_LEN(sizeof(int)), 0};
  ssize_t length = recvmsg(client, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (length < 0) return errno == EAGAIN || errno == EINTR;
  int passed = -1;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_type == SCM_RIGHTS) memcpy(&passed, CMSG_DATA(header), sizeof passed);
  bool valid = length == sizeof asked && !(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC));
  int found = valid ? find(&asked, passed, &answer) : 0;
  answer.error = found < 0 ? -found : 0;
  bool replied = valid && reply(client, &answer, found);
  if (found > 0) close(found);
  if (passed >= 0) close(passed);
  return replied;
}

// Tells whether the client has the user who owns the socket's file, which is the user of the agent.
static bool is_agent(int client) {
  struct ucred peer;
  struct sockaddr_un at = {0};
  struct statx file;
  socklen_t peer_length = sizeof peer, length = sizeof at - 1;
  return getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &peer_length) == 0 &&
         getsockname(LISTENER, (struct sockaddr *)&at, &length) == 0 &&
         syscall(SYS_statx, AT_FDCWD, at.sun_path, 0, STATX_UID, &file) == 0 && peer.uid == file.stx_uid;
}

static int serve_all(void) {
  struct pollfd watched[1 + MOST_CLIENTS] = {{.fd = LISTENER, .events = POLLIN}};
  nfds_t count = 1;
  for (;;) {
    if (poll(watched, count, -1) < 0 && errno != EINTR) return 1;
    if (watched[0].revents & ~POLLIN) return 1;
    for (nfds_t i = count - 1; i > 0; i--) {
      if (watched[i].revents == 0 || serve(watched[i].fd)) continue;
      close(watched[i].fd);
      watched[i] = watched[--count];
    }
    if (watched[0].revents == 0) continue;
    int client = accept4(LISTENER, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0) continue;
    if (count <= MOST_CLIENTS && is_agent(client)) watched[count++] = (struct pollfd){.fd = client, .events = POLLIN};
    else close(client);
  }
}

static bool is_listening(void) {
  int listens = 0;
  socklen_t length = sizeof listens;
  return getsockopt(LISTENER, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) == 0 && listens;
}

// The entry of the program instead of main: the start files of glibc 2.34 and newer need a symbol that older systems
// lack. The dynamic linker has initialized the C library. On x86-64, the stack is not aligned as for a call.
#ifdef __x86_64__
__attribute__((force_align_arg_pointer))
#endif
__attribute__((noreturn)) void start(void) {
  own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  int code = own < 0 || !is_listening() ? 1 : serve_all();
  dprintf(STDERR_FILENO, "hsflowd-namespaces: start it by hsflowd-namespaces.socket of systemd\n");
  _exit(code);
}
