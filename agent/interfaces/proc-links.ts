// Interfaces from /sys where netlink is unavailable: an emulated kernel, or a service without access to such sockets.
// sysfs-class-net.

import type { Files } from "../host/host.ts";
import { type Link, LinkFlag, OperState } from "../netlink/link.ts";

const ROOT = "/sys/class/net";

/** States of RFC 2863, as net/core/net-sysfs.c spells them. */
const OPER_STATES: Readonly<Record<string, number>> = {
  unknown: OperState.unknown,
  notpresent: OperState.notPresent,
  down: OperState.down,
  lowerlayerdown: OperState.lowerLayerDown,
  testing: OperState.testing,
  dormant: OperState.dormant,
  up: OperState.up,
};

/** Reads all interfaces of the namespace that /sys shows. It has no addresses, and no state of bond members. */
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
    // IFF_RUNNING is made up for ioctl and netlink, and is not in /sys.
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

/** Guesses the kind: by DEVTYPE, by files of the device, and a veth or its like by its peer. */
function readKind(files: Files, folder: string, linked: boolean): string | undefined {
  const type = /^DEVTYPE=(\w+)$/m.exec(files.read(`${folder}/uevent`) ?? "")?.[1];
  if (type !== undefined && type !== "wlan" && type !== "wwan") return type;
  if (files.exists(`${folder}/tun_flags`)) return "tun";
  if (files.exists(`${folder}/device`) || type !== undefined || folder.endsWith("/lo")) return undefined;
  return linked ? "veth" : "dummy";
}

const parseMac = (text: string): Uint8Array =>
  text === "" ? new Uint8Array(0) : Uint8Array.from(text.split(":"), (byte) => Number.parseInt(byte, 16));
