// Names of enumerated values, for `decode --names`: adds `machine_type_name x86_64` after `machine_type 3`.

import { httpMethod } from "../../sflow/enums/application.ts";
import { headerProtocol } from "../../sflow/enums/header-protocol.ts";
import { domainState, machineType, osName } from "../../sflow/enums/host.ts";
import { ifDirection, ifType } from "../../sflow/enums/interface.ts";
import { memcacheCommand, memcacheProtocol, memcacheStatus } from "../../sflow/enums/memcache.ts";
import { rtoAlgorithm } from "../../sflow/enums/tcp.ts";
import { ieee80211Version } from "../../sflow/enums/wireless.ts";

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

/** Returns the name of the value of a key; undefined if it has none. */
export const nameOf = (key: string, value: number | bigint): string | undefined => named[key]?.[Number(value)];
