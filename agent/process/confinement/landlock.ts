// Makes a ruleset of Landlock: which files the agent may read and write, and to which TCP ports it may connect. See
// landlock(7) and linux/landlock.h.

import { closeSync, constants, openSync, statSync } from "node:fs";
import type { Shim } from "../../../native-shim/shim.ts";
import { codeOf } from "../../host/error-code.ts";
import { LITTLE_ENDIAN } from "../../sockets/socket-address.ts";

/** Rights to files. Every right that a ruleset handles is denied where no rule grants it. */
const EXECUTE = 0x1;
const WRITE_FILE = 0x2;
const READ_FILE = 0x4;
const READ_DIR = 0x8;
const MAKE_REG = 0x100;
const TRUNCATE = 0x4000;
const IOCTL_DEV = 0x8000;
/** Removing and making folders, devices, pipes and symbolic links. */
const NEVER = 0x10 | 0x40 | 0x80 | 0x400 | 0x800 | 0x1000;
/** Moving files to another folder. */
const REFER = 0x2000;
/**
 * Removing files and making sockets is not handled: the user of the agent may do that only in its own folders, and a
 * reload may bring a socket of metrics { } in another one.
 */
const HANDLED = EXECUTE | WRITE_FILE | READ_FILE | READ_DIR | MAKE_REG | NEVER;
const CONNECT_TCP = 0x2;

const RULE_BYTES = 16;
const PATH_BENEATH = 1;
const NET_PORT = 2;
/** open(2): a descriptor that only names a file. */
const O_PATH = 0x20_0000;

/** What each version of Landlock can handle, the newest first. */
const VERSIONS = [
  { version: 5, files: HANDLED | REFER | TRUNCATE | IOCTL_DEV, ports: true },
  { version: 4, files: HANDLED | REFER | TRUNCATE, ports: true },
  { version: 3, files: HANDLED | REFER | TRUNCATE, ports: false },
  { version: 2, files: HANDLED | REFER, ports: false },
  { version: 1, files: HANDLED, ports: false },
] as const;

/** The files and ports that stay accessible. A path that does not exist is ignored. */
export interface Access {
  readonly read: readonly string[];
  /** Files to overwrite, and folders in which files are replaced. */
  readonly write: readonly string[];
  readonly ports: readonly number[];
}

/** A ruleset to restrict the process with. */
export interface Ruleset {
  readonly fd: number;
  /** True if the kernel restricts TCP ports, from Linux 6.7 on. */
  readonly ports: boolean;
  close(): void;
}

const TOO_OLD = ["EINVAL", "E2BIG"];

/** Creates the ruleset that handles most. Throws the error of the system, such as ENOSYS, without Landlock. */
function create(shim: Shim): (typeof VERSIONS)[number] & { readonly fd: number } {
  for (const each of VERSIONS) {
    const attributes = new DataView(new ArrayBuffer(each.ports ? 16 : 8));
    attributes.setBigUint64(0, BigInt(each.files), LITTLE_ENDIAN);
    if (each.ports) attributes.setBigUint64(8, BigInt(CONNECT_TCP), LITTLE_ENDIAN);
    try {
      return { ...each, fd: shim.ruleset(new Uint8Array(attributes.buffer)) };
    } catch (error) {
      if (each.version === 1 || !TOO_OLD.includes(codeOf(error) ?? "")) throw error;
    }
  }
  throw new Error("unreachable");
}

function grantPath(shim: Shim, ruleset: number, path: string, rights: number): void {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return;
  const ofFile = rights & (WRITE_FILE | READ_FILE | TRUNCATE);
  const rule = new DataView(new ArrayBuffer(RULE_BYTES));
  const fd = openSync(path, O_PATH | constants.O_RDONLY);
  rule.setBigUint64(0, BigInt(file.isDirectory() ? rights : ofFile), LITTLE_ENDIAN);
  rule.setInt32(8, fd, LITTLE_ENDIAN);
  try {
    shim.rule(ruleset, PATH_BENEATH, new Uint8Array(rule.buffer));
  } finally {
    closeSync(fd);
  }
}

function grantPort(shim: Shim, ruleset: number, port: number): void {
  const rule = new DataView(new ArrayBuffer(RULE_BYTES));
  rule.setBigUint64(0, BigInt(CONNECT_TCP), LITTLE_ENDIAN);
  rule.setBigUint64(8, BigInt(port), LITTLE_ENDIAN);
  shim.rule(ruleset, NET_PORT, new Uint8Array(rule.buffer));
}

/** Makes a ruleset that grants `access` and nothing else. Throws the error of the system. */
export function makeRuleset(shim: Shim, { read, write, ports }: Access): Ruleset {
  const { fd, files, ports: restrictsPorts } = create(shim);
  const ruleset = { fd, ports: restrictsPorts, close: () => closeSync(fd) };
  try {
    for (const path of read) grantPath(shim, fd, path, READ_FILE | READ_DIR);
    const toWrite = (READ_FILE | READ_DIR | WRITE_FILE | MAKE_REG | TRUNCATE) & files;
    for (const path of write) grantPath(shim, fd, path, toWrite);
    if (restrictsPorts) for (const port of ports) grantPort(shim, fd, port);
    return ruleset;
  } catch (error) {
    ruleset.close();
    throw error;
  }
}
