// Exports the functions and the layout of a slot. See ../addon.ts for the interface.
#include "shim.h"

#define VERB_OF(name) {.utf8name = #name, .method = shim_##name, .attributes = napi_enumerable},

static const napi_property_descriptor VERB[] = {VERBS(VERB_OF)};

// The numbers of shim.h.
static const char LAYOUT[] = "Object.freeze({ slotWords: 3, offset: 0, length: 1, flags: 2, truncated: 1 })";

NAPI_MODULE_INIT() {
  napi_value text, layout;
  bool made = napi_define_properties(env, exports, sizeof VERB / sizeof *VERB, VERB) == napi_ok &&
              napi_create_string_utf8(env, LAYOUT, NAPI_AUTO_LENGTH, &text) == napi_ok &&
              napi_run_script(env, text, &layout) == napi_ok;
  return made && napi_set_named_property(env, exports, "layout", layout) == napi_ok ? exports : NULL;
}
