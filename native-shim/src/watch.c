// Tells JavaScript which descriptors are readable, with one epoll thread for each environment. See epoll(7), and
// thread-safe functions of Node-API.
#include "shim.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

// libuv could poll without a second thread, but it is not part of Node-API. The thread passes only numbers of watches.
// The JavaScript thread (../watch.ts) knows the watch of a number and whether it is open, so no lock is needed.
struct watcher {
  int epoll, stop;
  pthread_t thread;
  napi_threadsafe_function tell;
};

static const uint64_t STOP = UINT64_MAX;  // Numbers of watches end at 2^32 - 1.

// Shortest time between two rounds of callbacks. Waking Node costs 30 to 100 us of CPU even for little work, so a busy
// socket is read in batches. 1 ms would cost twice as much at 1,000 messages a second, and 10 ms would save no more.
// The first event after a pause does not wait.
enum { ROUND_NANOSECONDS = 4000000, SECOND = 1000000000, EVENTS_A_CALL = 64 };

static void *wait_for_events(void *argument) {
  struct watcher *watcher = argument;
  struct epoll_event events[EVENTS_A_CALL];
  struct timespec next = {0, 0};
  for (;;) {
    int count = epoll_pwait(watcher->epoll, events, EVENTS_A_CALL, -1, NULL);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    for (int i = 0; i < count; i++) {
      if (events[i].data.u64 == STOP) return NULL;
      napi_call_threadsafe_function(watcher->tell, (void *)(uintptr_t)events[i].data.u64, napi_tsfn_nonblocking);
    }
    clock_gettime(CLOCK_MONOTONIC, &next);
    next.tv_sec += (next.tv_nsec += ROUND_NANOSECONDS) / SECOND;
    next.tv_nsec %= SECOND;
  }
}

static void tell(napi_env env, napi_value on_readable, void *context, void *data) {
  (void)context;
  if (!env) return;
  napi_value global, number, error;
  napi_get_global(env, &global);
  napi_create_double(env, (double)(uintptr_t)data, &number);
  if (napi_call_function(env, global, on_readable, 1, &number, NULL) != napi_pending_exception) return;
  // Makes an exception end the process, as any other exception does. Node would only print a warning.
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
}

static void release(struct watcher *watcher) {
  if (watcher->tell) napi_release_threadsafe_function(watcher->tell, napi_tsfn_release);
  if (watcher->epoll >= 0) close(watcher->epoll);
  if (watcher->stop >= 0) close(watcher->stop);
  free(watcher);
}

static void stop(void *argument) {
  struct watcher *watcher = argument;
  eventfd_write(watcher->stop, 1);
  pthread_join(watcher->thread, NULL);
  release(watcher);
}

// Blocks signals in the new thread, so that Node's own thread receives them. With --disable-sigusr1 Node itself blocks
// SIGUSR1 in all threads, so this thread receives it. The handler is libuv's, which only writes to a pipe.
static int start_thread(struct watcher *watcher) {
  sigset_t all, before;
  sigfillset(&all);
  sigdelset(&all, SIGUSR1);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  errno = pthread_create(&watcher->thread, NULL, wait_for_events, watcher);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return errno == 0 ? 0 : -1;
}

static int start(napi_env env, napi_value on_readable, struct watcher *watcher) {
  napi_value name;
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = STOP};
  if (watcher->epoll < 0 || watcher->stop < 0) return -1;
  if (epoll_ctl(watcher->epoll, EPOLL_CTL_ADD, watcher->stop, &event) < 0) return -1;
  errno = ENOMEM;
  if (napi_create_string_utf8(env, "watch", NAPI_AUTO_LENGTH, &name) != napi_ok) return -1;
  napi_create_threadsafe_function(env, on_readable, NULL, name, 0, 1, NULL, NULL, NULL, tell, &watcher->tell);
  if (!watcher->tell) return -1;
  napi_unref_threadsafe_function(env, watcher->tell);
  return start_thread(watcher);
}

// Called once for each environment, before `arm`. The cleanup hook is added after the hook of the thread-safe function.
// Hooks run in reverse order, so the thread has ended before the function is gone.
napi_value shim_watch(napi_env env, napi_callback_info info) {
  napi_value on_readable;
  if (!take(env, info, "v", &on_readable)) return NULL;
  struct watcher *watcher = calloc(1, sizeof *watcher);
  if (!watcher) return give_result(env, -1);
  watcher->epoll = epoll_create1(EPOLL_CLOEXEC);
  watcher->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (start(env, on_readable, watcher) < 0) {
    int error = errno;
    release(watcher);
    return give(env, -error);
  }
  napi_add_env_cleanup_hook(env, stop, watcher);
  return give(env, watcher->epoll);
}

// Calls back once, with the number, when the descriptor is readable, and again only after the next `arm`.
// Level-triggered, and never queued twice.
napi_value shim_arm(napi_env env, napi_callback_info info) {
  int epoll, fd;
  size_t number;
  if (!take(env, info, "ddn", &epoll, &fd, &number)) return NULL;
  struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.u64 = number};
  int result = epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
  if (result < 0 && errno == ENOENT) result = epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  return give_result(env, result);
}

napi_value shim_disarm(napi_env env, napi_callback_info info) {
  int epoll, fd;
  if (!take(env, info, "dd", &epoll, &fd)) return NULL;
  return give_result(env, epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL));
}
