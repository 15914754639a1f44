// Handles of Node's event loop that call JavaScript, and the functions of libuv for them. See docs.libuv.org. Node.js
// exports libuv, or links it as a library; libuv keeps its ABI within version 1. Its headers are not part of Node-API.
#ifndef LOOP_H
#define LOOP_H

#include "shim.h"

typedef struct uv_handle_s uv_handle_t;
struct uv_loop_s;

enum { UV_POLL = 8, UV_TIMER = 13 };  // uv_handle_type
enum { UV_READABLE = 1 };             // uv_poll_event

size_t uv_handle_size(int type);
void uv_handle_set_data(uv_handle_t *handle, void *data);
void *uv_handle_get_data(const uv_handle_t *handle);
void uv_unref(uv_handle_t *handle);
void uv_close(uv_handle_t *handle, void (*on_close)(uv_handle_t *handle));
uint64_t uv_now(const struct uv_loop_s *loop);
void uv_update_time(struct uv_loop_s *loop);
int uv_poll_init(struct uv_loop_s *loop, uv_handle_t *poll, int fd);
int uv_poll_start(uv_handle_t *poll, int events, void (*on_event)(uv_handle_t *poll, int status, int events));
int uv_poll_stop(uv_handle_t *poll);
int uv_timer_init(struct uv_loop_s *loop, uv_handle_t *timer);
int uv_timer_start(uv_handle_t *timer, void (*on_time)(uv_handle_t *timer), uint64_t milliseconds, uint64_t repeat);
int uv_timer_stop(uv_handle_t *timer);

// A handle of the loop that calls JavaScript. It does not keep the process alive, and is closed with the environment.
struct waiter {
  napi_env env;
  napi_ref callback;
  struct uv_loop_s *loop;
  uv_handle_t *handle;
  void *owner;
  napi_async_cleanup_hook_handle cleanup;
};

// Adds a handle of this type to the loop. `fd` is only for UV_POLL. Returns -errno, or 0 and the waiter.
int add_waiter(napi_env env, napi_value callback, int type, int fd, struct waiter **waiter);

// Calls JavaScript with a number. An exception ends the process, as any other does.
void call_back(const struct waiter *waiter, double number);

#endif
