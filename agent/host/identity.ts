// Determines the UUID of the host. See sFlow Host Structures, "uuid".

import { randomFillSync } from "node:crypto";
import { machine } from "node:os";
import { fnv1a } from "../config/fnv1a.ts";
import { parseUuid, showUuid } from "../config/uuid.ts";
import type { Files } from "./host.ts";

export interface IdentityOptions {
  /** The UUID that the operator configured, 16 bytes. */
  readonly uuid: Uint8Array | undefined;
  /** The machine id, 16 bytes, from which a UUID is derived if the hardware has none. */
  readonly machineId: Uint8Array | undefined;
}

interface IdentityLog {
  info(message: string): void;
  warn(message: string): void;
}

const PRODUCT_UUID = "/sys/class/dmi/id/product_uuid";
const MACHINE_ID = ["/etc/machine-id", "/var/lib/dbus/machine-id"];
/** A UUID that many boards have, because their manufacturer did not set one. */
const PLACEHOLDER = parseUuid("03000200-0400-0500-0006-000700080009");

/**
 * Returns the UUID, 16 bytes: the configured one, or else that of the board, or else one derived from the machine id.
 * This is the order of hsflowd. If the host has none of them, the UUID is random: it changes at each start, but no two
 * hosts share it.
 */
export function hostUuid(files: Files, options: IdentityOptions, log: IdentityLog): Uint8Array {
  const found = findUuid(files, options);
  if (found !== undefined) {
    log.info(`host uuid ${showUuid(found.uuid)}, ${found.from}`);
    return found.uuid;
  }
  const uuid = withVersion(randomFillSync(new Uint8Array(16)), 4);
  log.warn(`host uuid ${showUuid(uuid)} is random and changes at each start: set uuid= in sflow { }, or use -u`);
  return uuid;
}

function findUuid(files: Files, options: IdentityOptions): { uuid: Uint8Array; from: string } | undefined {
  if (options.uuid !== undefined) return { uuid: options.uuid, from: "as configured" };
  const product = readUuid(files, PRODUCT_UUID);
  if (product !== undefined) return { uuid: product, from: `from ${PRODUCT_UUID}` };
  if (options.machineId !== undefined) return { uuid: derivedUuid(options.machineId), from: "derived from -m" };
  for (const path of MACHINE_ID) {
    const id = readUuid(files, path);
    if (id !== undefined) return { uuid: derivedUuid(id), from: `derived from ${path}` };
  }
  return undefined;
}

/**
 * Returns undefined if the file has no UUID, or a UUID that many machines share: a repeated byte, or the placeholder.
 */
function readUuid(files: Files, path: string): Uint8Array | undefined {
  const uuid = parseUuid(files.read(path)?.trim() ?? "");
  if (uuid === undefined || uuid.every((byte) => byte === uuid[0])) return undefined;
  return PLACEHOLDER !== undefined && Buffer.compare(uuid, PLACEHOLDER) === 0 ? undefined : uuid;
}

/**
 * Tells whether `char` of C is signed on this machine. hsflowd hashes values of type `char`, so its hash depends on it.
 */
const hasSignedChar = (name: string): boolean => !/^(arm|aarch64|ppc|riscv|s390)/.test(name);

/**
 * Derives the same UUID from a machine id as hsflowd, so that a host keeps its UUID: the FNV-1a hashes of both halves,
 * twice, in the byte order of the machine, with the version and variant of RFC 4122.
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
