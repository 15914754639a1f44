// Interfaces that hold a default route. /proc/net/route and /proc/net/ipv6_route, proc_net(5).

const RTF_UP = 0x1;
const RTF_REJECT = 0x200;

interface DefaultRoute {
  readonly device: string;
  readonly metric: number;
}

const usable = (flags: number): boolean => (flags & RTF_UP) !== 0 && (flags & RTF_REJECT) === 0;

function byMetric(routes: DefaultRoute[]): readonly string[] {
  return [...new Set(routes.sort((a, b) => a.metric - b.metric).map((route) => route.device))];
}

/** Device names, the preferred route first. Columns: Iface Destination Gateway Flags RefCnt Use Metric Mask. */
export function parseDefaultRoutes(text: string): readonly string[] {
  const routes: DefaultRoute[] = [];
  for (const line of text.split("\n").slice(1)) {
    const [device, destination, , flags, , , metric, mask] = line.trim().split(/\s+/);
    if (device === undefined || mask === undefined || Number.parseInt(destination ?? "1", 16) !== 0) continue;
    if (Number.parseInt(mask, 16) !== 0 || !usable(Number.parseInt(flags ?? "0", 16))) continue;
    routes.push({ device, metric: Number(metric) });
  }
  return byMetric(routes);
}

/**
 * The same for IPv6. Columns: destination, length, source, length, next hop, metric, use, references, flags, device;
 * all hex.
 */
export function parseDefaultRoutes6(text: string): readonly string[] {
  const routes: DefaultRoute[] = [];
  for (const line of text.split("\n")) {
    const [destination, length, , , , metric, , , flags, device] = line.trim().split(/\s+/);
    if (device === undefined || device === "lo" || length !== "00" || !/^0+$/.test(destination ?? "")) continue;
    if (usable(Number.parseInt(flags ?? "0", 16))) routes.push({ device, metric: Number.parseInt(metric ?? "0", 16) });
  }
  return byMetric(routes);
}
