// Links where netlink cannot be had: a kernel that is not Linux beneath, a service that may not open such sockets.
// sysfs-class-net.

import type { Files } from "../host/host.ts";
import { type Link, LinkFlag, OperState } from "../netlink/link.ts";

const ROOT = "/sys/class/net";

/** RFC 2863, as net/core/net-sysfs.c spells it. */
const OPER_STATES: Readonly<Record<string, number>> = {
  unknown: OperState.unknown,
  notpresent: OperState.notPresent,
  down: OperState.down,
  lowerlayerdown: OperState.lowerLayerDown,
  testing: OperState.testing,
  dormant: OperState.dormant,
  up: OperState.up,
};

/**
 * Every link of the namespace that /sys shows. Addresses, and what a bond knows of its members, cannot be told from
 * here.
 */
export const readProcLinks = (files: Files): readonly Link[] =>
  files.list(ROOT).flatMap((name) => readProcLink(files, name) ?? []);

function readProcLink(files: Files, name: string): Link | undefined {
  const read = (file: string): string | undefined => files.read(`${ROOT}/${name}/${file}`)?.trim();
  const number = (file: string): number => Number(read(file) ?? 0) || 0;
  const index = number("ifindex");
  if (index === 0) return undefined;
  const master = files.link(`${ROOT}/${name}/master`)?.split("/").at(-1);
  const link = number("iflink");
  const hardwareType = number("type");
  return {
    index,
    name,
    alias: read("ifalias") || undefined,
    mac: parseMac(read("address") ?? ""),
    hardwareType,
    // The flag that says running is made up for whoever asks by ioctl or netlink, and stands nowhere in /sys.
    flags: number("flags") | (number("carrier") === 1 ? LinkFlag.running : 0),
    operState: OPER_STATES[read("operstate") ?? ""] ?? OperState.unknown,
    promiscuity: undefined,
    master: Number(master === undefined ? 0 : (files.read(`${ROOT}/${master}/ifindex`) ?? 0)),
    link: link === index ? 0 : link,
    linkNamespace: undefined,
    kind: readKind(files, `${ROOT}/${name}`, link !== 0 && link !== index),
    vlan: undefined,
    bond: undefined,
    bondMember: undefined,
  };
}

/**
 * Devices say what they are in their event file, or by what else they have; a veth and its like only by having a peer.
 */
function readKind(files: Files, folder: string, linked: boolean): string | undefined {
  const type = /^DEVTYPE=(\w+)$/m.exec(files.read(`${folder}/uevent`) ?? "")?.[1];
  if (type !== undefined && type !== "wlan" && type !== "wwan") return type;
  if (files.exists(`${folder}/tun_flags`)) return "tun";
  if (files.exists(`${folder}/device`) || type !== undefined || folder.endsWith("/lo")) return undefined;
  return linked ? "veth" : "dummy";
}

const parseMac = (text: string): Uint8Array =>
  text === "" ? new Uint8Array(0) : Uint8Array.from(text.split(":"), (byte) => Number.parseInt(byte, 16));
