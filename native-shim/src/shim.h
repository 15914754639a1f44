// Declarations for all functions of the addon: their arguments, and the words of a slot. See Node-API,
// https://nodejs.org/api/n-api.html.
// Every function returns the result of its system call, or -errno. Only an invalid argument throws, before any call.
#ifndef SHIM_H
#define SHIM_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The words of the slot of a received message. module.c exports these numbers as `layout`.
enum slot_word { slot_offset, slot_length, slot_flags, slot_words };
enum slot_flag { flag_truncated = 1 };

// Names of the exports. Each export NAME is a function `shim_NAME`.
#define VERBS(X)                                                                                                   \
  X(socket) X(pidfd) X(bind) X(connect) X(name) X(hardware) X(close) X(setOption) X(getOption) X(attachFilter)     \
  X(receive) X(send) X(watch) X(arm) X(disarm) X(map) X(unmap) X(become) X(trim) X(statfs) X(exit)              \
  X(lock) X(landlock) X(confine) X(bpf) X(exchange) X(timer) X(setTimer)

#define DECLARE_VERB(name) napi_value shim_##name(napi_env env, napi_callback_info info);
VERBS(DECLARE_VERB)

struct array {
  void *data;
  size_t length;
};

// Reads the arguments of a call, one letter each:
//   d  descriptor, int *, not negative      i  int *             n  size_t *, at most 2^32 - 1
//   b  Uint8Array, struct array *           w  Uint32Array, struct array *
//   s  text, char[PATH_MAX]                 v  anything, napi_value *
// An argument with an upper-case letter may be absent, and is then empty. Throws and returns false if one does not fit.
bool take(napi_env env, napi_callback_info info, const char *shape, ...);

napi_value give(napi_env env, int64_t result);
napi_value give_result(napi_env env, int64_t result);  // Returns `result`, or -errno if it is negative.
napi_value throw_range(napi_env env, const char *message);

#endif
