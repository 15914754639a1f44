// The destination of a collector as the log names it.

import { parseAddress } from "../../config/address.ts";
import { showAddress } from "../../sflow/address.ts";
import { collectorName } from "./collector-name.ts";
import type { CollectorConfig } from "./config.ts";

/** Returns `192.0.2.1:6343`, or `collector.example.net:6343 at 192.0.2.1 through mgmt`. */
export function destinationText(config: CollectorConfig, address: Uint8Array): string {
  const { ip, dev, namespace } = config;
  const isName = parseAddress(ip.split("%")[0] ?? "") === undefined;
  return [
    collectorName(config),
    ...(isName ? [`at ${showAddress(address)}`] : []),
    ...(dev === undefined ? [] : [`through ${dev}`]),
    ...(namespace === undefined ? [] : [`from network namespace ${namespace}`]),
  ].join(" ");
}
