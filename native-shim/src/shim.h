/* What the files of the shim share: reading arguments, and errno as an Error. N-API, linux. */
#ifndef SHIM_H
#define SHIM_H

#define _GNU_SOURCE
#define NAPI_VERSION 8
#include <errno.h>
#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define SHIM_ARGUMENTS 8

struct bytes { uint8_t *at; size_t length; };
struct words { uint32_t *at; size_t length; };

/* Reads the arguments of a call; the missing ones are undefined. */
struct call {
	napi_env env;
	size_t count;
	napi_value argument[SHIM_ARGUMENTS];
	bool failed;
};

struct call shim_call(napi_env env, napi_callback_info info);
/* Each throws a TypeError, marks the call as failed and returns zeroes where the argument is of another kind. */
int32_t shim_int(struct call *call, size_t index);
struct bytes shim_bytes(struct call *call, size_t index);
struct words shim_words(struct call *call, size_t index);
bool shim_given(struct call *call, size_t index);

/* Throws an Error with code, errno and syscall; returns NULL so that a caller can return it. */
napi_value shim_throw(napi_env env, int error, const char *syscall);
napi_value shim_number(napi_env env, double value);
/* A Uint8Array of its own. */
napi_value shim_copy(napi_env env, const void *bytes, size_t length);

#define VERB(name) napi_value shim_##name(napi_env env, napi_callback_info info)
VERB(socket); VERB(pidfd); VERB(bind); VERB(connect); VERB(name); VERB(close);
VERB(set_option); VERB(get_option); VERB(attach_filter);
VERB(receive); VERB(send); VERB(watch); VERB(unwatch);

#endif
