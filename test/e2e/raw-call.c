// Makes any system call from JavaScript: call(number, ...six arguments). A Uint8Array stands for its address. Only for
// tests that attack an agent from inside.
#include <errno.h>
#include <node_api.h>
#include <stdbool.h>
#include <unistd.h>

static long word(napi_env env, napi_value value) {
  bool is_array = false;
  void *data = NULL;
  int64_t number = 0;
  napi_is_typedarray(env, value, &is_array);
  if (is_array) napi_get_typedarray_info(env, value, NULL, NULL, &data, NULL, NULL);
  else napi_get_value_int64(env, value, &number);
  return is_array ? (long)data : number;
}

// Returns the result, or -errno.
static napi_value call(napi_env env, napi_callback_info info) {
  napi_value values[7], result;
  size_t count = 7;
  long words[7] = {0};
  napi_get_cb_info(env, info, &count, values, NULL, NULL);
  for (size_t i = 0; i < count && i < 7; i++) words[i] = word(env, values[i]);
  long made = syscall(words[0], words[1], words[2], words[3], words[4], words[5], words[6]);
  napi_create_int64(env, made < 0 ? -errno : made, &result);
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "call", NAPI_AUTO_LENGTH, call, NULL, &function);
  napi_set_named_property(env, exports, "call", function);
  return exports;
}
