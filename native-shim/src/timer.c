// The timer of the clock. A timer of Node costs twice the processor time for each wake-up, and one that is cancelled
// still wakes the process.
#include "loop.h"

static void on_time(uv_handle_t *timer) { call_back(uv_handle_get_data(timer), 0); }

// Returns the timer, or -errno.
napi_value shim_timer(napi_env env, napi_callback_info info) {
  napi_value callback, pointer;
  struct waiter *waiter;
  if (!take(env, info, "v", &callback)) return NULL;
  int result = add_waiter(env, callback, UV_TIMER, -1, &waiter);
  return result < 0 || napi_create_external(env, waiter, NULL, NULL, &pointer) != napi_ok ? give(env, result) : pointer;
}

// Calls back once, after so many milliseconds from now; never if 0. Replaces the time that was set before.
napi_value shim_setTimer(napi_env env, napi_callback_info info) {
  napi_value external;
  size_t milliseconds;
  void *pointer = NULL;
  if (!take(env, info, "vn", &external, &milliseconds)) return NULL;
  napi_get_value_external(env, external, &pointer);
  struct waiter *waiter = pointer;
  if (!waiter) return throw_range(env, "this is no timer");
  if (milliseconds == 0) return give(env, uv_timer_stop(waiter->handle));
  uv_update_time(waiter->loop);
  return give(env, uv_timer_start(waiter->handle, on_time, milliseconds, 0));
}
