/* Socket options as bytes, and classic BPF filters. getsockopt(2), socket(7) SO_ATTACH_FILTER. */
#include "shim.h"

#include <linux/filter.h>

VERB(set_option)
{
	struct call call = shim_call(env, info);
	int32_t fd = shim_int(&call, 0), level = shim_int(&call, 1), option = shim_int(&call, 2);
	struct bytes value = shim_bytes(&call, 3);
	if (!call.failed && setsockopt(fd, level, option, value.at, (socklen_t)value.length) < 0)
		shim_throw(env, errno, "setsockopt");
	return NULL;
}

/* getOption(fd, level, option, length) -> as many bytes as the kernel gave */
VERB(get_option)
{
	struct call call = shim_call(env, info);
	int32_t fd = shim_int(&call, 0), level = shim_int(&call, 1), option = shim_int(&call, 2), wanted = shim_int(&call, 3);
	uint8_t value[1024];
	socklen_t length = (socklen_t)wanted;
	if (call.failed)
		return NULL;
	if (wanted < 0 || wanted > (int32_t)sizeof value)
		return napi_throw_range_error(env, NULL, "argument 4: expected a length up to 1024"), NULL;
	if (getsockopt(fd, level, option, value, &length) < 0)
		return shim_throw(env, errno, "getsockopt");
	return shim_copy(env, value, length);
}

VERB(attach_filter)
{
	struct call call = shim_call(env, info);
	int32_t fd = shim_int(&call, 0);
	struct bytes program = shim_bytes(&call, 1);
	if (call.failed)
		return NULL;
	if (program.length == 0 || program.length % sizeof(struct sock_filter) != 0 || program.length > 4096 * 8)
		return napi_throw_range_error(env, NULL, "argument 2: expected whole instructions of 8 bytes"), NULL;
	struct sock_fprog filter = {
		.len = (unsigned short)(program.length / sizeof(struct sock_filter)),
		.filter = (struct sock_filter *)program.at,
	};
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0)
		return shim_throw(env, errno, "setsockopt SO_ATTACH_FILTER");
	return NULL;
}
