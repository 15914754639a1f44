// Sends many datagrams in one system call. See sendmmsg(2).
#include "shim.h"

#include <errno.h>
#include <sys/socket.h>

// UIO_MAXIOV of the kernel: the largest number of messages in one sendmmsg(2).
enum { MESSAGES_A_CALL = 1024 };

struct outgoing {
  int fd;
  struct array bytes, offsets, lengths, address;
  size_t first, count;
};

static bool fits(const struct outgoing *out) {
  size_t columns = out->offsets.length < out->lengths.length ? out->offsets.length : out->lengths.length;
  if (out->first > columns || out->count > columns - out->first) return false;
  const uint32_t *offsets = out->offsets.data, *lengths = out->lengths.data;
  for (size_t i = out->first; i < out->first + out->count; i++)
    if ((uint64_t)offsets[i] + lengths[i] > out->bytes.length) return false;
  return true;
}

static int send_chunk(const struct outgoing *out, size_t first, size_t count) {
  struct mmsghdr messages[MESSAGES_A_CALL];
  struct iovec vectors[MESSAGES_A_CALL];
  const uint32_t *offsets = out->offsets.data, *lengths = out->lengths.data;
  for (size_t i = 0; i < count; i++) {
    vectors[i] = (struct iovec){(uint8_t *)out->bytes.data + offsets[first + i], lengths[first + i]};
    messages[i].msg_hdr = (struct msghdr){
        .msg_name = out->address.data,
        .msg_namelen = (socklen_t)out->address.length,
        .msg_iov = &vectors[i],
        .msg_iovlen = 1,
    };
  }
  int sent;
  do {
    sent = sendmmsg(out->fd, messages, (unsigned)count, MSG_DONTWAIT | MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent;
}

// Returns the number of messages that the kernel accepted, or -errno if it accepted none. Stops at the first message
// that the kernel rejects; a call that begins with this message returns its error.
napi_value shim_send(napi_env env, napi_callback_info info) {
  struct outgoing out;
  if (!take(env, info, "dbwwnnB", &out.fd, &out.bytes, &out.offsets, &out.lengths, &out.first, &out.count,
            &out.address))
    return NULL;
  if (!fits(&out)) return throw_range(env, "the messages do not fit into their columns and bytes");
  size_t done = 0;
  while (done < out.count) {
    size_t chunk = out.count - done < MESSAGES_A_CALL ? out.count - done : MESSAGES_A_CALL;
    int sent = send_chunk(&out, out.first + done, chunk);
    if (sent < 0 && done == 0) return give_result(env, sent);
    if (sent > 0) done += (size_t)sent;
    if (sent < 0 || (size_t)sent < chunk) break;
  }
  return give(env, (int64_t)done);
}
