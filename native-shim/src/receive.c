// Many messages in one system call, decoded into slots. recvmmsg(2), packet(7), socket(7), linux/if_packet.h
#include "shim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

// One system call a batch: an error after some messages is kept by the kernel and told by the next call, which a loop
// here would swallow. 256 slots take 60 KB of stack.
enum { MESSAGES_A_CALL = 256, CONTROL_BYTES = 128 };

#ifndef SO_TIMESTAMPNS_NEW
#define SO_TIMESTAMPNS_NEW 64
#endif

struct batch {
  size_t slots, stride;
  struct array words, bytes;
};

struct arrival {
  struct iovec vector;
  struct sockaddr_ll name;
  _Alignas(struct cmsghdr) char control[CONTROL_BYTES];
};

static bool fits(const struct batch *batch) {
  if (batch->slots == 0 || batch->slots > batch->words.length / slot_words) return false;
  return batch->stride <= batch->bytes.length / batch->slots;
}

static void prepare(const struct batch *batch, struct mmsghdr *messages, struct arrival *arrivals) {
  for (size_t i = 0; i < batch->slots; i++) {
    arrivals[i].vector = (struct iovec){(uint8_t *)batch->bytes.data + i * batch->stride, batch->stride};
    arrivals[i].name.sll_family = AF_UNSPEC;
    messages[i].msg_hdr = (struct msghdr){
        .msg_name = &arrivals[i].name,
        .msg_namelen = sizeof arrivals[i].name,
        .msg_iov = &arrivals[i].vector,
        .msg_iovlen = 1,
        .msg_control = arrivals[i].control,
        .msg_controllen = CONTROL_BYTES,
    };
  }
}

// tp_len is the length before the filter cut the packet; the length that recvmmsg gives is the one after.
static void put_auxiliary(uint32_t *slot, const struct cmsghdr *header) {
  struct tpacket_auxdata auxiliary;
  memcpy(&auxiliary, CMSG_DATA(header), sizeof auxiliary);
  slot[slot_wireLength] = auxiliary.tp_len;
  if (!(auxiliary.tp_status & TP_STATUS_VLAN_VALID)) return;
  slot[slot_flags] |= flag_vlanValid;
  slot[slot_vlanTci] = auxiliary.tp_vlan_tci;
  slot[slot_vlanTpid] = auxiliary.tp_status & TP_STATUS_VLAN_TPID_VALID ? auxiliary.tp_vlan_tpid : 0x8100;
}

// The old and the new form of the message are the same where a long has 64 bits.
static void put_time(uint32_t *slot, const struct cmsghdr *header) {
  struct timespec time;
  _Static_assert(sizeof time == 2 * sizeof(int64_t), "64-bit systems only");
  memcpy(&time, CMSG_DATA(header), sizeof time);
  slot[slot_seconds] = (uint32_t)time.tv_sec;
  slot[slot_nanoseconds] = (uint32_t)time.tv_nsec;
}

static bool is_time(const struct cmsghdr *header) {
  if (header->cmsg_level != SOL_SOCKET) return false;
  return header->cmsg_type == SO_TIMESTAMPNS || header->cmsg_type == SO_TIMESTAMPNS_NEW;
}

static void put_control(uint32_t *slot, struct msghdr *header) {
  for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control; control = CMSG_NXTHDR(header, control)) {
    if (is_time(control)) put_time(slot, control);
    if (control->cmsg_level == SOL_PACKET && control->cmsg_type == PACKET_AUXDATA) put_auxiliary(slot, control);
  }
}

static void put_link(uint32_t *slot, const struct sockaddr_ll *link) {
  if (link->sll_family != AF_PACKET) return;
  slot[slot_interfaceIndex] = (uint32_t)link->sll_ifindex;
  slot[slot_protocol] = ntohs(link->sll_protocol);
  slot[slot_hardwareType] = link->sll_hatype;
  slot[slot_packetType] = link->sll_pkttype;
}

static void put_slot(const struct batch *batch, size_t index, struct mmsghdr *message, struct arrival *arrival) {
  uint32_t *slot = (uint32_t *)batch->words.data + index * slot_words;
  memset(slot, 0, slot_words * sizeof slot[0]);
  slot[slot_length] = message->msg_len < batch->stride ? message->msg_len : (uint32_t)batch->stride;
  slot[slot_wireLength] = message->msg_len;
  slot[slot_offset] = (uint32_t)(index * batch->stride);
  if (message->msg_hdr.msg_flags & MSG_TRUNC) slot[slot_flags] |= flag_truncated;
  put_link(slot, &arrival->name);
  put_control(slot, &message->msg_hdr);
}

// How many came, 0 when none waits. A batch of more slots than one call takes is filled in part.
napi_value shim_receive(napi_env env, napi_callback_info info) {
  struct batch batch;
  struct mmsghdr messages[MESSAGES_A_CALL];
  struct arrival arrivals[MESSAGES_A_CALL];
  int fd, count;
  if (!take(env, info, "dwbnn", &fd, &batch.words, &batch.bytes, &batch.slots, &batch.stride)) return NULL;
  if (!fits(&batch)) return throw_range(env, "the slots do not fit into words and bytes");
  if (batch.slots > MESSAGES_A_CALL) batch.slots = MESSAGES_A_CALL;
  prepare(&batch, messages, arrivals);
  do {
    count = recvmmsg(fd, messages, (unsigned)batch.slots, MSG_DONTWAIT | MSG_TRUNC, NULL);
  } while (count < 0 && errno == EINTR);
  if (count < 0 && errno == EAGAIN) return give(env, 0);
  for (int i = 0; i < count; i++) put_slot(&batch, (size_t)i, &messages[i], &arrivals[i]);
  return give_result(env, count);
}
