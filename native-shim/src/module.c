// Exports the functions and the layout of a slot. See ../addon.ts for the interface.
#include "shim.h"

#define CONSTANT_OF(name) {#name, slot_##name},
#define VERB_OF(name) {.utf8name = #name, .method = shim_##name, .attributes = napi_enumerable},

static const struct {
  const char *name;
  uint32_t value;
} LAYOUT[] = {SLOT_VALUES(CONSTANT_OF){"slotWords", slot_words}, {"truncated", flag_truncated}};
static const napi_property_descriptor VERB[] = {VERBS(VERB_OF)};

static bool export_layout(napi_env env, napi_value exports) {
  napi_value layout;
  if (napi_create_object(env, &layout) != napi_ok) return false;
  for (size_t i = 0; i < sizeof LAYOUT / sizeof *LAYOUT; i++) {
    if (napi_set_named_property(env, layout, LAYOUT[i].name, give(env, LAYOUT[i].value)) != napi_ok) return false;
  }
  return napi_object_freeze(env, layout) == napi_ok &&
         napi_set_named_property(env, exports, "layout", layout) == napi_ok;
}

NAPI_MODULE_INIT() {
  if (napi_define_properties(env, exports, sizeof VERB / sizeof *VERB, VERB) != napi_ok) return NULL;
  return export_layout(env, exports) ? exports : NULL;
}
