// Exports the functions and the layout of a slot. See ../addon.ts for the interface.
#include "shim.h"

struct constant {
  const char *name;
  uint32_t value;
};

struct verb {
  const char *name;
  napi_callback call;
};

#define CONSTANT_OF(name) {#name, slot_##name},
#define VERB_OF(name) {#name, shim_##name},

static const struct constant LAYOUT[] = {
    SLOT_VALUES(CONSTANT_OF){"slotWords", slot_words}, {"truncated", flag_truncated}, {NULL, 0}};
static const struct verb VERB[] = {VERBS(VERB_OF){NULL, NULL}};

static bool export_layout(napi_env env, napi_value exports) {
  napi_value layout;
  if (napi_create_object(env, &layout) != napi_ok) return false;
  for (const struct constant *constant = LAYOUT; constant->name; constant++) {
    if (napi_set_named_property(env, layout, constant->name, give(env, constant->value)) != napi_ok) return false;
  }
  return napi_object_freeze(env, layout) == napi_ok &&
         napi_set_named_property(env, exports, "layout", layout) == napi_ok;
}

NAPI_MODULE_INIT() {
  for (const struct verb *verb = VERB; verb->name; verb++) {
    napi_value function;
    if (napi_create_function(env, verb->name, NAPI_AUTO_LENGTH, verb->call, NULL, &function) != napi_ok) return NULL;
    if (napi_set_named_property(env, exports, verb->name, function) != napi_ok) return NULL;
  }
  return export_layout(env, exports) ? exports : NULL;
}
