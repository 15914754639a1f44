// Default routes out of the kernel's two routing tables.

import { expect, it } from "vitest";
import { parseDefaultRoutes, parseDefaultRoutes6 } from "../../agent/proc/net-route.ts";

it("lists devices of IPv4 default routes by metric", () => {
  const text = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
wlan0	00000000	0101A8C0	0003	0	0	600	00000000	0	0	0
eth0	00000000	0101A8C0	0003	0	0	100	00000000	0	0	0
eth0	0001A8C0	00000000	0001	0	0	100	00FFFFFF	0	0	0
tun0	00000000	0101A8C0	0001	0	0	50	00000080	0	0	0
`;
  expect(parseDefaultRoutes(text)).toEqual(["eth0", "wlan0"]);
});

it("lists devices of IPv6 default routes and leaves the reject route of lo", () => {
  const zero = "0".repeat(32);
  const text = `${zero} 00 ${zero} 00 fe80000000000000000000000000000a 00000400 00000001 00000000 00000003     eth0
${zero} 00 ${zero} 00 ${zero} ffffffff 00000001 00000000 00200200       lo
20010db8000000000000000000000000 40 ${zero} 00 ${zero} 00000100 00000001 00000000 00000001     eth1
`;
  expect(parseDefaultRoutes6(text)).toEqual(["eth0"]);
});

it("survives empty and foreign text", () => {
  expect(parseDefaultRoutes("")).toEqual([]);
  expect(parseDefaultRoutes6("what is this\n\n")).toEqual([]);
});
