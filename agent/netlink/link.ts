// A link as the kernel describes it. linux/if_link.h, linux/if.h, rtnetlink(7) "RTM_NEWLINK".

import { bytesOf, eachAttribute, textOf, unsigned } from "./attribute.ts";
import { type BondMember, type BondSettings, readBondMember, readBondSettings } from "./bond.ts";
import { AF_UNSPEC, LITTLE_ENDIAN, type Message } from "./message.ts";

export const LinkFlag = { up: 0x1, loopback: 0x8, running: 0x40, promiscuous: 0x100 } as const;

/** RFC 2863 states. `unknown` is what drivers report that never say: lo, tun, many virtual ones. */
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
} as const;
const INFO = { kind: 1, data: 2, slaveKind: 4, slaveData: 5 } as const;
const IFLA_VLAN_ID = 1;

export interface Link {
  readonly index: number;
  readonly name: string;
  readonly alias: string | undefined;
  readonly mac: Uint8Array;
  /** ARPHRD_* */
  readonly hardwareType: number;
  /** IFF_* as ioctl(2) shows them. */
  readonly flags: number;
  readonly operState: number;
  /** How many ask for promiscuous mode, users and programs alike; undefined before Linux 3.10. */
  readonly promiscuity: number | undefined;
  readonly master: number;
  readonly link: number;
  readonly linkNamespace: number | undefined;
  readonly kind: string | undefined;
  readonly vlan: number | undefined;
  /** Of a bond. */
  readonly bond: BondSettings | undefined;
  /** Of a member of a bond. */
  readonly bondMember: BondMember | undefined;
}

type Draft = { -readonly [K in keyof Link]: Link[K] };

/**
 * Undefined for what is not a description of a link: a wireless event, or the word of a bridge about its port, which
 * uses the same message with a family of its own and also says "deleted" where a port leaves the bridge.
 */
export function readLink({ view, start, end }: Message): Link | undefined {
  if (end - start < BODY_BYTES || view.getUint8(start) !== AF_UNSPEC) return undefined;
  const link: Draft = {
    index: view.getInt32(start + 4, LITTLE_ENDIAN),
    name: "",
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
}

/** The kind comes before its data: the kernel writes them in this order. */
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

function readVlan(view: DataView, start: number, size: number): number | undefined {
  let vlan: number | undefined;
  eachAttribute(view, start, start + size, (type, at, length) => {
    if (type === IFLA_VLAN_ID) vlan = unsigned(view, at, length);
  });
  return vlan;
}
