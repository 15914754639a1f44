/* Many messages in few system calls. sendmmsg(2). */
#include "shim.h"

#define BURST 256

/* send(fd, bytes, offsets, lengths, first, count, address?) -> how many the kernel took, or -errno when none */
VERB(send)
{
	struct call call = shim_call(env, info);
	int32_t fd = shim_int(&call, 0);
	struct bytes bytes = shim_bytes(&call, 1);
	struct words offsets = shim_words(&call, 2), lengths = shim_words(&call, 3);
	uint32_t first = (uint32_t)shim_int(&call, 4), count = (uint32_t)shim_int(&call, 5), sent = 0;
	struct bytes address = { 0 };
	struct mmsghdr messages[BURST];
	struct iovec vectors[BURST];

	if (shim_given(&call, 6))
		address = shim_bytes(&call, 6);
	if (call.failed)
		return NULL;
	if ((uint64_t)first + count > offsets.length || (uint64_t)first + count > lengths.length)
		return napi_throw_range_error(env, NULL, "messages reach beyond the arrays"), NULL;
	while (sent < count) {
		uint32_t burst = count - sent < BURST ? count - sent : BURST;
		for (uint32_t i = 0; i < burst; i++) {
			uint32_t offset = offsets.at[first + sent + i], length = lengths.at[first + sent + i];
			if ((uint64_t)offset + length > bytes.length)
				return napi_throw_range_error(env, NULL, "a message reaches beyond its bytes"), NULL;
			vectors[i] = (struct iovec){ bytes.at + offset, length };
			messages[i].msg_hdr = (struct msghdr){
				.msg_name = address.at, .msg_namelen = (socklen_t)address.length, .msg_iov = &vectors[i], .msg_iovlen = 1,
			};
		}
		int taken = sendmmsg(fd, messages, burst, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (taken < 0 && errno == EINTR)
			continue;
		if (taken < 0)
			return shim_number(env, sent > 0 ? (double)sent : -errno);
		sent += (uint32_t)taken;
		if ((uint32_t)taken < burst)
			break;
	}
	return shim_number(env, sent);
}
