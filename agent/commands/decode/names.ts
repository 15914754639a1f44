// Names of enumerated values, for `decode --names`: adds `machine_type_name x86_64` after `machine_type 3`.

import { httpMethod } from "../../sflow/enums/application.ts";
import { headerProtocol } from "../../sflow/enums/header-protocol.ts";
import { domainState, machineType, osName } from "../../sflow/enums/host.ts";
import { ifDirection, ifType } from "../../sflow/enums/interface.ts";
import { memcacheCommand, memcacheProtocol, memcacheStatus } from "../../sflow/enums/memcache.ts";
import { rtoAlgorithm } from "../../sflow/enums/tcp.ts";
import { ieee80211Version } from "../../sflow/enums/wireless.ts";
import { type Pair, pair } from "./pair.ts";

/** Names of values, by the key of the field. */
const named: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  headerProtocol,
  networkType: ifType,
  ifDirection,
  machine_type: machineType,
  os_name: osName,
  vcpu_state: domainState,
  tcpRtoAlgorithm: rtoAlgorithm,
  http_method: httpMethod,
  memcache_op_protocol: memcacheProtocol,
  memcache_op_cmd: memcacheCommand,
  memcache_op_status: memcacheStatus,
  rx_version: ieee80211Version,
  tx_version: ieee80211Version,
};

/** Returns the pairs. After each pair whose value has a name, adds a pair with that name. */
export const withNames = (pairs: readonly Pair[]): Pair[] =>
  pairs.flatMap((shown) => {
    const name = named[shown.key]?.[Number(shown.text)];
    return name === undefined ? [shown] : [shown, pair(`${shown.key}_name`, name)];
  });
