/* A batch of messages into slots of typed arrays. recvmmsg(2), packet(7) PACKET_AUXDATA, socket(7) SO_TIMESTAMPNS. */
#include "shim.h"
#include "slot.h"

#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <time.h>

#define BURST 64

static void read_address(uint32_t *slot, const struct sockaddr_storage *address)
{
	if (address->ss_family == AF_PACKET) {
		const struct sockaddr_ll *link = (const struct sockaddr_ll *)address;
		slot[SLOT_INTERFACE] = (uint32_t)link->sll_ifindex;
		slot[SLOT_PROTOCOL] = ntohs(link->sll_protocol);
		slot[SLOT_HARDWARE] = link->sll_hatype;
		slot[SLOT_PACKET_TYPE] = link->sll_pkttype;
	} else if (address->ss_family == AF_NETLINK) {
		slot[SLOT_INTERFACE] = ((const struct sockaddr_nl *)address)->nl_pid;
	}
}

static void read_control(uint32_t *slot, struct msghdr *message)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR(message, part)) {
		if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
			struct timespec time;
			memcpy(&time, CMSG_DATA(part), sizeof time);
			slot[SLOT_SECONDS] = (uint32_t)time.tv_sec;
			slot[SLOT_NANOSECONDS] = (uint32_t)time.tv_nsec;
		} else if (part->cmsg_level == SOL_PACKET && part->cmsg_type == PACKET_AUXDATA) {
			struct tpacket_auxdata aux;
			memcpy(&aux, CMSG_DATA(part), sizeof aux);
			slot[SLOT_WIRE_LENGTH] = aux.tp_len;
			if (aux.tp_status & TP_STATUS_VLAN_VALID) {
				slot[SLOT_FLAGS] |= FLAG_VLAN_VALID;
				slot[SLOT_VLAN_TCI] = aux.tp_vlan_tci;
				slot[SLOT_VLAN_TPID] = aux.tp_status & TP_STATUS_VLAN_TPID_VALID ? aux.tp_vlan_tpid : 0x8100;
			}
		}
	}
}

static void fill_slot(uint32_t *slot, uint32_t offset, uint32_t stride, struct mmsghdr *message)
{
	memset(slot, 0, SLOT_WORDS * sizeof *slot);
	slot[SLOT_OFFSET] = offset;
	slot[SLOT_WIRE_LENGTH] = message->msg_len;
	slot[SLOT_LENGTH] = message->msg_len < stride ? message->msg_len : stride;
	if (message->msg_hdr.msg_flags & MSG_TRUNC)
		slot[SLOT_FLAGS] |= FLAG_TRUNCATED;
	read_address(slot, message->msg_hdr.msg_name);
	read_control(slot, &message->msg_hdr);
}

/* receive(fd, words, bytes, slots, stride) -> how many, or -errno */
VERB(receive)
{
	struct call call = shim_call(env, info);
	int32_t fd = shim_int(&call, 0);
	struct words words = shim_words(&call, 1);
	struct bytes bytes = shim_bytes(&call, 2);
	uint32_t slots = (uint32_t)shim_int(&call, 3), stride = (uint32_t)shim_int(&call, 4), taken = 0;
	struct mmsghdr messages[BURST];
	struct iovec vectors[BURST];
	struct sockaddr_storage addresses[BURST];
	uint8_t control[BURST][128] __attribute__((aligned(8)));

	if (call.failed)
		return NULL;
	if ((uint64_t)slots * SLOT_WORDS > words.length || (uint64_t)slots * stride > bytes.length)
		return napi_throw_range_error(env, NULL, "slots reach beyond the arrays"), NULL;
	while (taken < slots) {
		uint32_t burst = slots - taken < BURST ? slots - taken : BURST;
		for (uint32_t i = 0; i < burst; i++) {
			vectors[i] = (struct iovec){ bytes.at + (size_t)(taken + i) * stride, stride };
			messages[i].msg_hdr = (struct msghdr){
				.msg_name = &addresses[i], .msg_namelen = sizeof addresses[i], .msg_iov = &vectors[i],
				.msg_iovlen = 1, .msg_control = control[i], .msg_controllen = sizeof control[i],
			};
			addresses[i].ss_family = AF_UNSPEC;
		}
		int count = recvmmsg(fd, messages, burst, MSG_DONTWAIT | MSG_TRUNC, NULL);
		if (count < 0) {
			if (errno == EINTR)
				continue;
			if (taken > 0 || errno == EAGAIN)
				break;
			return shim_number(env, -errno);
		}
		for (int i = 0; i < count; i++, taken++)
			fill_slot(words.at + (size_t)taken * SLOT_WORDS, taken * stride, stride, &messages[i]);
		if ((uint32_t)count < burst)
			break;
	}
	return shim_number(env, taken);
}
