// What the verbs of the addon share: their arguments, and the words of a slot. Node-API,
// https://nodejs.org/api/n-api.html
//
// Every verb returns what its system call gave, or -errno. Only a wrong argument throws, and nothing is done then.
#ifndef SHIM_H
#define SHIM_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Where each value of a received message stands in its slot of three words. Exported as `layout`.
#define SLOT_VALUES(X) X(offset) X(length) X(flags)

#define SLOT_WORD(name) slot_##name,
enum slot_word { SLOT_VALUES(SLOT_WORD) slot_words };
enum slot_flag { flag_truncated = 1 };

// Exported under these names; each is one function `shim_NAME`.
#define VERBS(X)                                                                                                   \
  X(socket) X(pidfd) X(bind) X(connect) X(name) X(hardware) X(close) X(setOption) X(getOption) X(attachFilter)     \
  X(receive) X(send) X(watch) X(arm) X(disarm) X(map) X(unmap) X(become) X(trim)

#define DECLARE_VERB(name) napi_value shim_##name(napi_env env, napi_callback_info info);
VERBS(DECLARE_VERB)

struct array {
  void *data;
  size_t length;
};

// The arguments of a call, one letter each:
//   d  descriptor, int *, not negative      i  int *             n  size_t *, at most 2^32 - 1
//   b  Uint8Array, struct array *           w  Uint32Array, struct array *
//   s  text, char[PATH_MAX]                 v  anything, napi_value *
// An upper-case letter may be absent, and is then empty. Where one does not fit, it throws and returns false.
bool take(napi_env env, napi_callback_info info, const char *shape, ...);

napi_value give(napi_env env, int64_t result);
// `result`, or -errno where it is negative.
napi_value give_result(napi_env env, int64_t result);
napi_value throw_range(napi_env env, const char *message);

#endif
