/* The table of contents of the shim. */
#include "shim.h"
#include "slot.h"

static void set_number(napi_env env, napi_value object, const char *key, double value)
{
	napi_set_named_property(env, object, key, shim_number(env, value));
}

static napi_value layout(napi_env env)
{
	napi_value object;
	napi_create_object(env, &object);
	set_number(env, object, "slotWords", SLOT_WORDS);
	set_number(env, object, "length", SLOT_LENGTH);
	set_number(env, object, "wireLength", SLOT_WIRE_LENGTH);
	set_number(env, object, "offset", SLOT_OFFSET);
	set_number(env, object, "interfaceIndex", SLOT_INTERFACE);
	set_number(env, object, "protocol", SLOT_PROTOCOL);
	set_number(env, object, "hardwareType", SLOT_HARDWARE);
	set_number(env, object, "packetType", SLOT_PACKET_TYPE);
	set_number(env, object, "seconds", SLOT_SECONDS);
	set_number(env, object, "nanoseconds", SLOT_NANOSECONDS);
	set_number(env, object, "vlanTci", SLOT_VLAN_TCI);
	set_number(env, object, "vlanTpid", SLOT_VLAN_TPID);
	set_number(env, object, "flags", SLOT_FLAGS);
	set_number(env, object, "vlanValid", FLAG_VLAN_VALID);
	set_number(env, object, "truncated", FLAG_TRUNCATED);
	return object;
}

NAPI_MODULE_INIT()
{
	static const struct { const char *name; napi_callback call; } TABLE[] = {
		{ "socket", shim_socket }, { "pidfd", shim_pidfd }, { "bind", shim_bind }, { "connect", shim_connect },
		{ "name", shim_name }, { "close", shim_close }, { "setOption", shim_set_option },
		{ "getOption", shim_get_option }, { "attachFilter", shim_attach_filter }, { "receive", shim_receive },
		{ "send", shim_send }, { "watch", shim_watch }, { "unwatch", shim_unwatch },
	};
	for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
		napi_value function;
		napi_create_function(env, TABLE[i].name, NAPI_AUTO_LENGTH, TABLE[i].call, NULL, &function);
		napi_set_named_property(env, exports, TABLE[i].name, function);
	}
	napi_set_named_property(env, exports, "layout", layout(env));
	return exports;
}
