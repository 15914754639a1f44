/* Arguments of a call and errors of the system, for every verb. N-API. */
#include "shim.h"

static const struct { int number; const char *name; } ERRORS[] = {
#define E(name) { name, #name }
	E(EPERM), E(ENOENT), E(ESRCH), E(EINTR), E(EIO), E(ENXIO), E(EBADF), E(EAGAIN), E(ENOMEM), E(EACCES), E(EFAULT),
	E(EBUSY), E(EEXIST), E(ENODEV), E(EINVAL), E(ENFILE), E(EMFILE), E(ENOSPC), E(EPIPE), E(ENOSYS), E(ENOTSOCK),
	E(EDESTADDRREQ), E(EMSGSIZE), E(EPROTOTYPE), E(ENOPROTOOPT), E(EPROTONOSUPPORT), E(ESOCKTNOSUPPORT), E(EOPNOTSUPP),
	E(EAFNOSUPPORT), E(EADDRINUSE), E(EADDRNOTAVAIL), E(ENETDOWN), E(ENETUNREACH), E(ECONNRESET), E(ENOBUFS), E(EISCONN),
	E(ENOTCONN), E(ETIMEDOUT), E(ECONNREFUSED), E(EHOSTDOWN), E(EHOSTUNREACH), E(ENOTDIR), E(ERANGE), E(EOVERFLOW),
#undef E
};

static const char *error_name(int error)
{
	for (size_t i = 0; i < sizeof ERRORS / sizeof *ERRORS; i++)
		if (ERRORS[i].number == error)
			return ERRORS[i].name;
	return "EUNKNOWN";
}

static napi_value string(napi_env env, const char *text)
{
	napi_value value = NULL;
	napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
	return value;
}

napi_value shim_number(napi_env env, double value)
{
	napi_value result = NULL;
	napi_create_double(env, value, &result);
	return result;
}

napi_value shim_copy(napi_env env, const void *bytes, size_t length)
{
	napi_value buffer, array = NULL;
	void *data;
	napi_create_arraybuffer(env, length, &data, &buffer);
	memcpy(data, bytes, length);
	napi_create_typedarray(env, napi_uint8_array, length, buffer, 0, &array);
	return array;
}

napi_value shim_throw(napi_env env, int error, const char *syscall)
{
	char text[160];
	napi_value object;
	snprintf(text, sizeof text, "%s: %s", syscall, strerror(error));
	napi_create_error(env, string(env, error_name(error)), string(env, text), &object);
	napi_set_named_property(env, object, "syscall", string(env, syscall));
	napi_set_named_property(env, object, "errno", shim_number(env, error));
	napi_throw(env, object);
	return NULL;
}

struct call shim_call(napi_env env, napi_callback_info info)
{
	struct call call = { .env = env, .count = SHIM_ARGUMENTS };
	napi_get_cb_info(env, info, &call.count, call.argument, NULL, NULL);
	return call;
}

static void refuse(struct call *call, size_t index, const char *expected)
{
	char text[64];
	if (call->failed)
		return;
	call->failed = true;
	snprintf(text, sizeof text, "argument %zu: expected %s", index + 1, expected);
	napi_throw_type_error(call->env, NULL, text);
}

bool shim_given(struct call *call, size_t index)
{
	napi_valuetype type = napi_undefined;
	if (index < call->count)
		napi_typeof(call->env, call->argument[index], &type);
	return type != napi_undefined && type != napi_null;
}

int32_t shim_int(struct call *call, size_t index)
{
	int32_t value = 0;
	if (index >= call->count || napi_get_value_int32(call->env, call->argument[index], &value) != napi_ok)
		refuse(call, index, "a number");
	return value;
}

static void *typed_array(struct call *call, size_t index, napi_typedarray_type wanted, size_t *length)
{
	napi_typedarray_type type;
	void *data = NULL;
	bool is = false;
	if (index < call->count)
		napi_is_typedarray(call->env, call->argument[index], &is);
	if (!is || napi_get_typedarray_info(call->env, call->argument[index], &type, length, &data, NULL, NULL) != napi_ok ||
	    type != wanted) {
		refuse(call, index, wanted == napi_uint8_array ? "a Uint8Array" : "a Uint32Array");
		*length = 0;
		return NULL;
	}
	return data;
}

struct bytes shim_bytes(struct call *call, size_t index)
{
	struct bytes bytes = { 0 };
	bytes.at = typed_array(call, index, napi_uint8_array, &bytes.length);
	return bytes;
}

struct words shim_words(struct call *call, size_t index)
{
	struct words words = { 0 };
	words.at = typed_array(call, index, napi_uint32_array, &words.length);
	return words;
}
