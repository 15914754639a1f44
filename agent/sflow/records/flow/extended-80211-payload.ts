// The payload of an encrypted 802.11 frame, decrypted. See sFlow 802.11 Structures, "extended_80211_payload".

import { opaque, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extended80211Payload = flowType("extended_80211_payload", 1013, {
  /** Organisation code and number of the cipher suite. */
  ciphersuite: uint32,
  /** Begins with LLC. */
  data: opaque(),
});
