// Parses the traffic of interfaces, for namespaces where netlink is not available. /proc/net/dev, proc_pid_net(5).

/** Counters with the names of linux/if_link.h. Here rx_dropped includes the missed frames (rx_missed_errors). */
export interface DeviceCounters {
  readonly rx_bytes: number;
  readonly rx_packets: number;
  readonly rx_errors: number;
  readonly rx_dropped: number;
  readonly multicast: number;
  readonly tx_bytes: number;
  readonly tx_packets: number;
  readonly tx_errors: number;
  readonly tx_dropped: number;
}

/**
 * Returns counters by interface name. Skips incomplete lines. In old kernels a blank after the colon may be missing.
 */
export function parseNetDev(text: string): ReadonlyMap<string, DeviceCounters> {
  const devices = new Map<string, DeviceCounters>();
  for (const line of text.split("\n").slice(2)) {
    const colon = line.lastIndexOf(":");
    const columns = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    if (colon < 0 || columns.length < 16 || columns.some(Number.isNaN)) continue;
    devices.set(line.slice(0, colon).trim(), deviceCounters(columns));
  }
  return devices;
}

function deviceCounters(columns: readonly number[]): DeviceCounters {
  const at = (column: number): number => columns[column] ?? 0;
  return {
    rx_bytes: at(0),
    rx_packets: at(1),
    rx_errors: at(2),
    rx_dropped: at(3),
    multicast: at(7),
    tx_bytes: at(8),
    tx_packets: at(9),
    tx_errors: at(10),
    tx_dropped: at(11),
  };
}
