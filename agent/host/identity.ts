// What a host is and what hardly ever changes: its UUID, and its hardware for those who ask. sFlow Host Structures,
// "uuid".

import { randomFillSync } from "node:crypto";
import { machine } from "node:os";
import { fnv1a } from "../config/fnv1a.ts";
import { parseUuid, showUuid } from "../config/uuid.ts";
import type { Files } from "./host.ts";

export interface IdentityOptions {
  /** Given by the operator: 16 bytes. */
  readonly uuid: Uint8Array | undefined;
  /** 16 bytes that a UUID is made of where the machine tells none. */
  readonly machineId: Uint8Array | undefined;
}

interface Say {
  info(message: string): void;
  warn(message: string): void;
}

const PRODUCT_UUID = "/sys/class/dmi/id/product_uuid";
const MACHINE_ID = ["/etc/machine-id", "/var/lib/dbus/machine-id"];
/** Boards whose maker set none carry this one. */
const PLACEHOLDER = parseUuid("03000200-0400-0500-0006-000700080009");

/**
 * 16 bytes: what the operator gave, else what the board says, else one made of the machine id, as hsflowd orders them.
 * A host that knows nothing of itself gets a random one: it changes with every start, but no two hosts share it.
 */
export function hostUuid(files: Files, options: IdentityOptions, log: Say): Uint8Array {
  const found = findUuid(files, options);
  if (found !== undefined) {
    log.info(`host uuid ${showUuid(found.uuid)}, ${found.from}`);
    return found.uuid;
  }
  const uuid = withVersion(randomFillSync(new Uint8Array(16)), 4);
  log.warn(`host uuid ${showUuid(uuid)} is random and changes at each start: give uuid= in sflow { }, or -u`);
  return uuid;
}

function findUuid(files: Files, options: IdentityOptions): { uuid: Uint8Array; from: string } | undefined {
  if (options.uuid !== undefined) return { uuid: options.uuid, from: "as given" };
  const product = readUuid(files, PRODUCT_UUID);
  if (product !== undefined) return { uuid: product, from: `from ${PRODUCT_UUID}` };
  if (options.machineId !== undefined) return { uuid: derivedUuid(options.machineId), from: "made of -m" };
  for (const path of MACHINE_ID) {
    const id = readUuid(files, path);
    if (id !== undefined) return { uuid: derivedUuid(id), from: `made of ${path}` };
  }
  return undefined;
}

/** Undefined where the file says nothing, or what many machines say: one byte repeated, or the placeholder. */
function readUuid(files: Files, path: string): Uint8Array | undefined {
  const uuid = parseUuid(files.read(path)?.trim() ?? "");
  if (uuid === undefined || uuid.every((byte) => byte === uuid[0])) return undefined;
  return PLACEHOLDER !== undefined && Buffer.compare(uuid, PLACEHOLDER) === 0 ? undefined : uuid;
}

/**
 * hsflowd hashed plain `char`s, which are signed on these machines: a byte of 0x80 and above then flips the upper bits.
 */
const hasSignedChar = (name: string): boolean => !/^(arm|aarch64|ppc|riscv|s390)/.test(name);

/**
 * The UUID that hsflowd makes of a machine id, so that a host keeps its own: the FNV-1a hash of either half, twice, in
 * the machine's byte order, with the version and variant of RFC 4122.
 */
export function derivedUuid(machineId: Uint8Array, machineName: string = machine()): Uint8Array {
  const signed = hasSignedChar(machineName);
  const hashes = [machineId.subarray(0, 8), machineId.subarray(8, 16)].map((half) => fnv1a(half, signed));
  return withVersion(new Uint8Array(Uint32Array.from([...hashes, ...hashes]).buffer), 5);
}

function withVersion(uuid: Uint8Array, version: number): Uint8Array {
  uuid[6] = ((uuid[6] ?? 0) & 0x0f) | (version << 4);
  uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
  return uuid;
}
