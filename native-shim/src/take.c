// Converts values between JavaScript and C, and checks each of them before any system call. See Node-API.
#include "shim.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

enum { MOST_ARGUMENTS = 8 };

// NaN fails the comparisons, so the cast is always defined.
static bool take_number(napi_env env, napi_value value, double least, double most, double *number) {
  if (napi_get_value_double(env, value, number) != napi_ok) return false;
  return *number >= least && *number <= most && *number == (double)(int64_t)*number;
}

static bool take_array(napi_env env, napi_value value, napi_typedarray_type wanted, struct array *out) {
  bool matches = false;
  napi_typedarray_type type;
  if (napi_is_typedarray(env, value, &matches) != napi_ok || !matches) return false;
  napi_status status = napi_get_typedarray_info(env, value, &type, &out->length, &out->data, NULL, NULL);
  return status == napi_ok && type == wanted;
}

// Rejects a text that fills the buffer, because it may have been truncated.
static bool take_text(napi_env env, napi_value value, char *out) {
  size_t length;
  return napi_get_value_string_utf8(env, value, out, PATH_MAX, &length) == napi_ok && length < PATH_MAX - 1;
}

static bool take_one(napi_env env, napi_value value, char letter, void *out) {
  double number;
  switch (letter) {
    case 'd': case 'i':
      if (!take_number(env, value, letter == 'd' ? 0 : INT_MIN, INT_MAX, &number)) return false;
      *(int *)out = (int)number;
      return true;
    case 'n':
      if (!take_number(env, value, 0, UINT32_MAX, &number)) return false;
      *(size_t *)out = (size_t)number;
      return true;
    case 'b': return take_array(env, value, napi_uint8_array, out);
    case 'w': return take_array(env, value, napi_uint32_array, out);
    case 's': return take_text(env, value, out);
    case 'v': *(napi_value *)out = value; return true;
  }
  return false;
}

static bool take_absent(napi_env env, napi_value value, char letter, void *out) {
  napi_valuetype type;
  if (napi_typeof(env, value, &type) != napi_ok || type != napi_undefined) return false;
  if (letter == 'B') *(struct array *)out = (struct array){NULL, 0};
  if (letter == 'S') *(char *)out = '\0';
  return letter == 'B' || letter == 'S';
}

bool take(napi_env env, napi_callback_info info, const char *shape, ...) {
  napi_value values[MOST_ARGUMENTS];
  size_t count = MOST_ARGUMENTS;
  char message[64];
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok) return false;
  va_list targets;
  va_start(targets, shape);
  int i = 0;
  for (; shape[i] != '\0'; i++) {
    void *out = va_arg(targets, void *);
    char required = (char)(shape[i] | 0x20);
    if (!take_absent(env, values[i], shape[i], out) && !take_one(env, values[i], required, out)) break;
  }
  va_end(targets);
  if (shape[i] == '\0') return true;
  snprintf(message, sizeof message, "argument %d is missing, of the wrong type or out of range", i + 1);
  napi_throw_type_error(env, "ERR_INVALID_ARG_VALUE", message);
  return false;
}

napi_value give(napi_env env, int64_t result) {
  napi_value value = NULL;
  napi_create_int64(env, result, &value);
  return value;
}

napi_value give_result(napi_env env, int64_t result) { return give(env, result < 0 ? -errno : result); }

napi_value throw_range(napi_env env, const char *message) {
  napi_throw_range_error(env, "ERR_OUT_OF_RANGE", message);
  return NULL;
}
