// Receives many messages in one system call. See recvmmsg(2).
#include "shim.h"

#include <errno.h>
#include <sys/socket.h>

// Largest number of messages of one system call; 256 slots take 20 KB of stack. There is one system call per batch: if
// an error follows some messages, the kernel returns it at the next call, and a loop here would lose the error.
enum { MESSAGES_A_CALL = 256 };

struct batch {
  size_t slots, stride;
  struct array words, bytes;
};

static void put_slot(const struct batch *batch, size_t index, const struct mmsghdr *message) {
  uint32_t *slot = (uint32_t *)batch->words.data + index * slot_words;
  slot[slot_offset] = (uint32_t)(index * batch->stride);
  slot[slot_length] = message->msg_len < batch->stride ? message->msg_len : (uint32_t)batch->stride;
  slot[slot_flags] = message->msg_hdr.msg_flags & MSG_TRUNC ? flag_truncated : 0;
}

// Returns the number of messages, 0 if none is waiting. If a batch has more slots than one call allows, fills a part.
napi_value shim_receive(napi_env env, napi_callback_info info) {
  struct batch batch;
  struct mmsghdr messages[MESSAGES_A_CALL];
  struct iovec vectors[MESSAGES_A_CALL];
  int fd, count;
  if (!take(env, info, "dwbnn", &fd, &batch.words, &batch.bytes, &batch.slots, &batch.stride)) return NULL;
  if (batch.slots == 0 || batch.slots > batch.words.length / slot_words ||
      batch.stride > batch.bytes.length / batch.slots)
    return throw_range(env, "the slots do not fit into words and bytes");
  if (batch.slots > MESSAGES_A_CALL) batch.slots = MESSAGES_A_CALL;
  for (size_t i = 0; i < batch.slots; i++) {
    vectors[i] = (struct iovec){(uint8_t *)batch.bytes.data + i * batch.stride, batch.stride};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1};
  }
  do {
    count = recvmmsg(fd, messages, (unsigned)batch.slots, MSG_DONTWAIT | MSG_TRUNC, NULL);
  } while (count < 0 && errno == EINTR);
  if (count < 0 && errno == EAGAIN) return give(env, 0);
  for (int i = 0; i < count; i++) put_slot(&batch, (size_t)i, &messages[i]);
  return give_result(env, count);
}
