// An interface, as the kernel describes it. See linux/if_link.h, linux/if.h and rtnetlink(7), "RTM_NEWLINK".

import { bytesOf, eachAttribute, textOf, unsigned } from "./attribute.ts";
import { type BondMember, type BondSettings, readBondMember, readBondSettings } from "./bond.ts";
import { AF_UNSPEC, LITTLE_ENDIAN, type Message } from "./message.ts";

export const LinkFlag = { up: 0x1, loopback: 0x8, running: 0x40, promiscuous: 0x100 } as const;

/** Operational states of RFC 2863. Drivers without such a state report `unknown`: lo, tun, many virtual interfaces. */
export const OperState = {
  unknown: 0,
  notPresent: 1,
  down: 2,
  lowerLayerDown: 3,
  testing: 4,
  dormant: 5,
  up: 6,
} as const;

const BODY_BYTES = 16;

const IFLA = {
  address: 1,
  name: 3,
  link: 5,
  master: 10,
  operState: 16,
  linkInfo: 18,
  alias: 20,
  promiscuity: 30,
  linkNamespace: 37,
  properties: 52,
  alternativeName: 53,
} as const;
const INFO = { kind: 1, data: 2, slaveKind: 4, slaveData: 5 } as const;
const IFLA_VLAN_ID = 1;

export interface Link {
  readonly index: number;
  readonly name: string;
  /** Further names, by which ip(8) and the kernel find the interface too: "altname". From Linux 5.5 on. */
  readonly alternativeNames: readonly string[];
  readonly alias: string | undefined;
  readonly mac: Uint8Array;
  /** An ARPHRD_* number. */
  readonly hardwareType: number;
  /** IFF_* bits, as SIOCGIFFLAGS returns them. */
  readonly flags: number;
  readonly operState: number;
  /** The number of users and programs that requested promiscuous mode. Undefined before Linux 3.10. */
  readonly promiscuity: number | undefined;
  readonly master: number;
  readonly link: number;
  readonly linkNamespace: number | undefined;
  readonly kind: string | undefined;
  readonly vlan: number | undefined;
  /** The settings of a bond; undefined for other interfaces. */
  readonly bond: BondSettings | undefined;
  /** The state of a member of a bond; undefined for other interfaces. */
  readonly bondMember: BondMember | undefined;
}

type Draft = { -readonly [K in keyof Link]: Link[K] };

/**
 * Reads an interface. Returns undefined for messages of this type that do not describe an interface: wireless events,
 * and messages of a bridge about its ports. The latter have the family AF_BRIDGE, and their RTM_DELLINK means that a
 * port left the bridge.
 */
export function readLink({ view, start, end }: Message): Link | undefined {
  if (end - start < BODY_BYTES || view.getUint8(start) !== AF_UNSPEC) return undefined;
  const link: Draft = {
    index: view.getInt32(start + 4, LITTLE_ENDIAN),
    name: "",
    alternativeNames: [],
    alias: undefined,
    mac: new Uint8Array(0),
    hardwareType: view.getUint16(start + 2, LITTLE_ENDIAN),
    flags: view.getUint32(start + 8, LITTLE_ENDIAN),
    operState: OperState.unknown,
    promiscuity: undefined,
    master: 0,
    link: 0,
    linkNamespace: undefined,
    kind: undefined,
    vlan: undefined,
    bond: undefined,
    bondMember: undefined,
  };
  eachAttribute(view, start + BODY_BYTES, end, (type, at, length) => readAttribute(link, view, type, at, length));
  return link.index > 0 && link.name !== "" ? link : undefined;
}

function readAttribute(link: Draft, view: DataView, type: number, at: number, length: number): void {
  if (type === IFLA.name) link.name = textOf(view, at, length);
  else if (type === IFLA.alias) link.alias = textOf(view, at, length) || undefined;
  else if (type === IFLA.address) link.mac = bytesOf(view, at, length);
  else if (type === IFLA.operState) link.operState = unsigned(view, at, length);
  else if (type === IFLA.promiscuity) link.promiscuity = unsigned(view, at, length);
  else if (type === IFLA.master) link.master = unsigned(view, at, length);
  else if (type === IFLA.link) link.link = unsigned(view, at, length);
  else if (type === IFLA.linkNamespace) link.linkNamespace = unsigned(view, at, length);
  else if (type === IFLA.linkInfo) readInfo(link, view, at, length);
  else if (type === IFLA.properties) link.alternativeNames = readAlternativeNames(view, at, length);
}

/** Reads IFLA_LINKINFO. Relies on the order in which the kernel writes: first the kind, then the data of the kind. */
function readInfo(link: Draft, view: DataView, start: number, size: number): void {
  let slaveKind = "";
  eachAttribute(view, start, start + size, (type, at, length) => {
    if (type === INFO.kind) link.kind = textOf(view, at, length) || undefined;
    else if (type === INFO.slaveKind) slaveKind = textOf(view, at, length);
    else if (type === INFO.data && link.kind === "vlan") link.vlan = readVlan(view, at, length);
    else if (type === INFO.data && link.kind === "bond") link.bond = readBondSettings(view, at, length);
    else if (type === INFO.slaveData && slaveKind === "bond") link.bondMember = readBondMember(view, at, length);
  });
}

function readAlternativeNames(view: DataView, start: number, size: number): readonly string[] {
  const names: string[] = [];
  eachAttribute(view, start, start + size, (type, at, length) => {
    if (type === IFLA.alternativeName) names.push(textOf(view, at, length));
  });
  return names;
}

function readVlan(view: DataView, start: number, size: number): number | undefined {
  let vlan: number | undefined;
  eachAttribute(view, start, start + size, (type, at, length) => {
    if (type === IFLA_VLAN_ID) vlan = unsigned(view, at, length);
  });
  return vlan;
}
