// Tells JavaScript which descriptors are readable: one epoll descriptor for each environment, which Node's event loop
// polls. See epoll(7).
#include "loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

// JavaScript (../watch.ts) knows the watch of a number, and whether it is open.
struct watcher {
  int epoll;
  struct waiter *poll, *timer;
  uint64_t last;  // Time of the last round, in the milliseconds of the loop.
};

// Shortest time between two rounds of callbacks. Waking Node costs 30 to 100 us of CPU even for little work, so a busy
// socket is read in batches. 1 ms would cost twice as much at 1,000 messages a second, and 10 ms would save no more.
// The first event after a pause does not wait.
enum { ROUND_MILLISECONDS = 4, EVENTS_A_ROUND = 64 };

// Reports what is readable now. Returns how many descriptors are.
static int report(struct watcher *watcher) {
  struct epoll_event events[EVENTS_A_ROUND];
  int count = epoll_pwait(watcher->epoll, events, EVENTS_A_ROUND, 0, NULL);
  for (int i = 0; i < count; i++) call_back(watcher->poll, (double)events[i].data.u64);
  uv_update_time(watcher->poll->loop);
  watcher->last = uv_now(watcher->poll->loop);
  return count;
}

static void on_readable(uv_handle_t *handle, int status, int events);

// Busy descriptors are reported by the timer, in rounds, until a round is empty.
static void on_round(uv_handle_t *handle) {
  struct watcher *watcher = ((struct waiter *)uv_handle_get_data(handle))->owner;
  if (report(watcher) > 0)
    uv_timer_start(handle, on_round, ROUND_MILLISECONDS, 0);
  else
    uv_poll_start(watcher->poll->handle, UV_READABLE, on_readable);
}

static void on_readable(uv_handle_t *handle, int status, int events) {
  (void)status, (void)events;
  struct watcher *watcher = ((struct waiter *)uv_handle_get_data(handle))->owner;
  uint64_t past = uv_now(watcher->poll->loop) - watcher->last;
  if (past >= ROUND_MILLISECONDS) {
    report(watcher);
    return;
  }
  uv_poll_stop(handle);
  uv_timer_start(watcher->timer->handle, on_round, ROUND_MILLISECONDS - past, 0);
}

// With --disable-sigusr1, Node blocks SIGUSR1 in all threads, so this one must receive it. The handler is libuv's.
static void receive_sigusr1(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void release(void *argument) {
  struct watcher *watcher = argument;
  if (watcher->epoll >= 0) close(watcher->epoll);
  free(watcher);
}

static int start(napi_env env, napi_value callback, struct watcher *watcher) {
  if (watcher->epoll < 0) return -errno;
  int result = add_waiter(env, callback, UV_POLL, watcher->epoll, &watcher->poll);
  if (result == 0) result = add_waiter(env, callback, UV_TIMER, -1, &watcher->timer);
  if (result < 0) return result;
  watcher->poll->owner = watcher->timer->owner = watcher;
  return uv_poll_start(watcher->poll->handle, UV_READABLE, on_readable);
}

// Called once for each environment, before `arm`. Hooks run in reverse order, so the descriptor is closed when the loop
// no longer polls it.
napi_value shim_watch(napi_env env, napi_callback_info info) {
  napi_value callback;
  if (!take(env, info, "v", &callback)) return NULL;
  struct watcher *watcher = calloc(1, sizeof *watcher);
  if (!watcher) return give_result(env, -1);
  watcher->epoll = epoll_create1(EPOLL_CLOEXEC);
  napi_add_env_cleanup_hook(env, release, watcher);
  receive_sigusr1();
  int result = start(env, callback, watcher);
  return give(env, result < 0 ? result : watcher->epoll);
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
