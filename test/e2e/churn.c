// Short TCP connections at a steady rate: `churn serve ADDRESS PORT`, `churn talk ADDRESS PORT A_SECOND SECONDS`.
// Each has one request and one answer. The server closes first, so that the client's ports are free again at once.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, ASKED = 100, ANSWERED = 1000, MOST_OPEN = 4096 };

static int epoll;
static long finished, failed;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static struct sockaddr_in address_of(char **words) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1]))};
  if (inet_pton(AF_INET, words[0], &address.sin_addr) != 1) die("address");
  return address;
}

static void watch(int fd, uint32_t events) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)) die("epoll_ctl");
}

static void answer(int fd) {
  char bytes[ANSWERED] = {0};
  if (read(fd, bytes, ASKED) > 0 && write(fd, bytes, ANSWERED) < 0) failed++;
  close(fd);
}

static void serve(struct sockaddr_in address) {
  int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 4096)) die("listen");
  watch(listener, EPOLLIN);
  puts("listening");
  fflush(stdout);
  for (;;) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll, events, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      if (events[i].data.fd != listener) {
        answer(events[i].data.fd);
        continue;
      }
      for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) watch(fd, EPOLLIN);
    }
  }
}

// Returns true once the other end has closed.
static int is_over(int fd, uint32_t events) {
  char bytes[4096];
  if (events & EPOLLOUT) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
    if (write(fd, bytes, ASKED) != ASKED) failed++;
    return 0;
  }
  ssize_t heard = read(fd, bytes, sizeof bytes);
  if (heard > 0 || (heard < 0 && errno == EAGAIN)) return 0;
  if (heard < 0) failed++;
  return 1;
}

static void talk(struct sockaddr_in address, double a_second, double seconds) {
  double start = now();
  for (long begun = 0; finished < begun || now() - start < seconds;) {
    double elapsed = now() - start, due = (elapsed < seconds ? elapsed : seconds) * a_second;
    for (; begun < due && begun - finished < MOST_OPEN; begun++) {
      int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      if (connect(fd, (void *)&address, sizeof address) && errno != EINPROGRESS) die("connect");
      watch(fd, EPOLLIN | EPOLLOUT);
    }
    struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll, events, EVENTS, 1);
    for (int i = 0; i < count; i++) {
      if (!is_over(events[i].data.fd, events[i].events)) continue;
      close(events[i].data.fd);
      finished++;
    }
    if (now() - start > seconds + 10) break;
  }
  printf("%ld connections, %ld failed, %.1f s\n", finished, failed, now() - start);
}

int main(int count, char **words) {
  struct rlimit most = {65536, 65536};
  setrlimit(RLIMIT_NOFILE, &most);
  signal(SIGPIPE, SIG_IGN);
  epoll = epoll_create1(0);
  if (count == 4) serve(address_of(words + 2));
  if (count == 6) talk(address_of(words + 2), atof(words[4]), atof(words[5]));
  return 0;
}
