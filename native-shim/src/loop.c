// Adds handles to the event loop of Node.js, and calls JavaScript from them. See napi_get_uv_event_loop of Node-API. A
// thread of its own would need less of libuv, but each event would wake two threads.
#include "loop.h"

#include <errno.h>
#include <stdlib.h>

static void closed(uv_handle_t *handle) {
  struct waiter *waiter = uv_handle_get_data(handle);
  napi_remove_async_cleanup_hook(waiter->cleanup);
  free(handle);
  free(waiter);
}

static void end(napi_async_cleanup_hook_handle cleanup, void *waiter) {
  (void)cleanup;
  uv_close(((struct waiter *)waiter)->handle, closed);
}

static int start(struct waiter *waiter, int type, int fd) {
  bool is_poll = type == UV_POLL;
  int result = is_poll ? uv_poll_init(waiter->loop, waiter->handle, fd) : uv_timer_init(waiter->loop, waiter->handle);
  if (result < 0) return result;
  uv_handle_set_data(waiter->handle, waiter);
  uv_unref(waiter->handle);
  return napi_add_async_cleanup_hook(waiter->env, end, waiter, &waiter->cleanup) == napi_ok ? 0 : -ENOMEM;
}

int add_waiter(napi_env env, napi_value callback, int type, int fd, struct waiter **out) {
  struct waiter *waiter = calloc(1, sizeof *waiter);
  uv_handle_t *handle = calloc(1, uv_handle_size(type));
  int result = -ENOMEM;
  if (waiter && handle && napi_get_uv_event_loop(env, &waiter->loop) == napi_ok &&
      napi_create_reference(env, callback, 1, &waiter->callback) == napi_ok) {
    waiter->env = env;
    waiter->handle = handle;
    result = start(waiter, type, fd);
  }
  if (result == 0) {
    *out = waiter;
  } else {
    free(handle);
    free(waiter);
  }
  return result;
}

void call_back(const struct waiter *waiter, double number) {
  napi_env env = waiter->env;
  napi_handle_scope scope;
  napi_value global, function, argument, error;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  napi_get_global(env, &global);
  napi_get_reference_value(env, waiter->callback, &function);
  napi_create_double(env, number, &argument);
  napi_status status = napi_make_callback(env, NULL, global, function, 1, &argument, NULL);
  if (status == napi_pending_exception && napi_get_and_clear_last_exception(env, &error) == napi_ok)
    napi_fatal_exception(env, error);
  napi_close_handle_scope(env, scope);
}
