// lag_port_stats of members of bonds with and without LACP.

import { expect, it } from "vitest";
import { readLagPortStats } from "../../agent/counters/lag-port-stats.ts";
import type { Bonding } from "../../agent/interfaces/adaptor.ts";
import { BondMode } from "../../agent/netlink/bond.ts";
import { adaptorWith } from "../interfaces/adaptor.ts";

const mac = (last: number) => new Uint8Array([2, 0, 0x5e, 0, 0x53, last]);
const LACP: Bonding = {
  member: { active: true, linkUp: true, actorState: 0x3f, partnerState: 0x3d },
  bond: adaptorWith({ index: 4, mac: mac(1) }),
  settings: {
    mode: BondMode.ieee8023ad,
    fastRate: true,
    lacpActive: true,
    actorSystem: new Uint8Array(6),
    partnerSystem: mac(9),
  },
  lacp: {
    lacpduRx: 1,
    lacpduTx: 2,
    lacpduUnknownRx: 3,
    lacpduIllegalRx: 4,
    markerRx: 5,
    markerTx: 6,
    markerResponseRx: 7,
    markerResponseTx: 8,
    markerUnknownRx: 9,
  },
};

it("has systems, states and counters of LACP", () => {
  expect(readLagPortStats(LACP).value).toEqual({
    dot3adAggPortActorSystemID: mac(1),
    dot3adAggPortPartnerOperSystemID: mac(9),
    dot3adAggPortAttachedAggID: 4,
    dot3adAggPortState: new Uint8Array([0x07, 0x3f, 0, 0x3d]),
    dot3adAggPortStatsLACPDUsRx: 1,
    dot3adAggPortStatsMarkerPDUsRx: 5,
    dot3adAggPortStatsMarkerResponsePDUsRx: 7,
    dot3adAggPortStatsUnknownRx: 12,
    dot3adAggPortStatsIllegalRx: 4,
    dot3adAggPortStatsLACPDUsTx: 2,
    dot3adAggPortStatsMarkerPDUsTx: 6,
    dot3adAggPortStatsMarkerResponsePDUsTx: 8,
  });
});

it("prefers the configured system", () => {
  const settings = { ...LACP.settings, actorSystem: mac(7), fastRate: false, lacpActive: false };
  expect(readLagPortStats({ ...LACP, settings }).value).toMatchObject({
    dot3adAggPortActorSystemID: mac(7),
    dot3adAggPortState: new Uint8Array([0x04, 0x3f, 0, 0x3d]),
  });
});

it("without LACP has no partner and no counters, but the state of the member", () => {
  const settings = { ...LACP.settings, mode: BondMode.activeBackup, partnerSystem: undefined };
  const member = { active: true, linkUp: true, actorState: undefined, partnerState: undefined };
  const value = (active: boolean) =>
    readLagPortStats({ ...LACP, settings, member: { ...member, active }, lacp: undefined }).value;
  expect(value(true)).toMatchObject({
    dot3adAggPortPartnerOperSystemID: new Uint8Array(6),
    dot3adAggPortState: new Uint8Array([0, 0x3c, 0, 0]),
    dot3adAggPortStatsLACPDUsRx: undefined,
    dot3adAggPortStatsUnknownRx: undefined,
  });
  expect(value(false)).toMatchObject({ dot3adAggPortState: new Uint8Array([0, 0x04, 0, 0]) });
});
