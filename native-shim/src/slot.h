/* The words of a slot: stated here once, and told to TypeScript as numbers. */
#ifndef SLOT_H
#define SLOT_H

enum slot {
	SLOT_LENGTH, SLOT_WIRE_LENGTH, SLOT_OFFSET, SLOT_INTERFACE, SLOT_PROTOCOL, SLOT_HARDWARE, SLOT_PACKET_TYPE,
	SLOT_SECONDS, SLOT_NANOSECONDS, SLOT_VLAN_TCI, SLOT_VLAN_TPID, SLOT_FLAGS, SLOT_WORDS,
};

enum flag { FLAG_VLAN_VALID = 1, FLAG_TRUNCATED = 2 };

#endif
