// State of the members of a bond.

import { expect, it } from "vitest";
import { makeInterfaces } from "../../agent/interfaces/table.ts";
import { makeAttribute } from "../../agent/netlink/attribute.ts";
import { makeLog } from "../fakes/log.ts";
import { makeRoutedHost } from "../fakes/routed-host.ts";
import { ENO1, LINKS } from "./links.ts";

it("reads member, bond and LACP counters from the kernel each time", () => {
  const counter = (type: number, value: number) => makeAttribute(type, new Uint8Array([value, 0, 0, 0, 0, 0, 0, 0]));
  const host = makeRoutedHost("bonded-bridge", LINKS);
  const table = makeInterfaces(host, makeLog());
  table.start();
  expect(table.bonding(2)).toMatchObject({
    member: { active: true, linkUp: true, actorState: 0x3d, partnerState: 0x3f },
    bond: { name: "bond0" },
    settings: { mode: 4, fastRate: true },
    lacp: undefined,
  });
  host.kernel.set({ ...ENO1, bondMember: [], lacp: [counter(0, 7), counter(1, 8)] });
  expect(table.bonding(2)).toMatchObject({ member: { actorState: undefined }, lacp: { lacpduRx: 7, lacpduTx: 8 } });
});

it("reads nothing for an interface that is not a member of a bond", () => {
  const host = makeRoutedHost("bonded-bridge", LINKS);
  const table = makeInterfaces(host, makeLog());
  table.start();
  for (const index of [1, 4, 5, 7, 99]) expect(table.bonding(index)).toBe(undefined);
});
