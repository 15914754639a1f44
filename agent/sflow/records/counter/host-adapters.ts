// Network adapters of a host or virtual machine, with their hardware addresses. See sFlow Host Structures,
// "host_adapters".

import { struct } from "../../../xdr/struct.ts";
import { array, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";
import { mac } from "../../scalar.ts";

/** A network adapter. ifIndex 0 means unknown. */
const adapter = struct("host_adapter", {
  ifIndex: uint32,
  mac_address: array(mac),
});

export const hostAdapters = counterType("host_adapters", 2001, {
  adapters: array(adapter),
});
