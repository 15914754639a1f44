// Reads interfaces from /sys if netlink is unavailable: on an emulated kernel, or in a service that may not open
// netlink sockets. See sysfs-class-net.

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

/** Reads all interfaces of the namespace that /sys shows, without addresses and without the state of bond members. */
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
    alternativeNames: [],
    alias: read("ifalias") || undefined,
    mac: parseMac(read("address") ?? ""),
    hardwareType,
    // /sys does not have IFF_RUNNING, which the kernel computes for ioctl and netlink only.
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
 * Guesses the kind of an interface from DEVTYPE in `uevent`, and from the files `tun_flags` (tun) and `device`
 * (hardware). Any other interface that is linked to a peer is taken for a veth.
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
