// Generic netlink: a header with command and version, and families whose numbers are assigned by a controller. See
// linux/genetlink.h.

import { eachAttribute, makeAttribute, makeText, textOf, unsigned } from "./attribute.ts";
import { type Message, MessageFlag, makeMessage } from "./message.ts";

/** struct genlmsghdr: u8 command, u8 version, u16 reserved. Attributes follow. */
export const GENERIC_HEADER_BYTES = 4;

/** GENL_ID_CTRL, the controller: the only family with a fixed number. It knows the numbers of all others. */
const CONTROLLER = 16;
const CONTROLLER_VERSION = 2;
const CTRL_CMD = { newFamily: 1, getFamily: 3 } as const;
const CTRL_ATTR = { familyId: 1, familyName: 2, version: 3, groups: 7 } as const;
const CTRL_ATTR_GROUP = { name: 1, id: 2 } as const;

export interface GenericFamily {
  /** The number of the family, which is the type of its messages. */
  readonly id: number;
  readonly version: number;
  /** Numbers of its multicast groups, by name. */
  readonly groups: ReadonlyMap<string, number>;
}

/** Returns a message of family `type`. Each of `attributes` is made by `makeAttribute`. */
export function genericRequest(
  type: number,
  flags: number,
  sequence: number,
  { command, version }: { readonly command: number; readonly version: number },
  ...attributes: readonly Uint8Array[]
): Uint8Array {
  return makeMessage(type, flags, sequence, Uint8Array.of(command, version, 0, 0), ...attributes);
}

/** Makes a request to the controller for a family by its name. ENOENT means that the kernel has no such family now. */
export const familyRequest = (sequence: number, name: string): Uint8Array =>
  genericRequest(
    CONTROLLER,
    MessageFlag.request | MessageFlag.acknowledge,
    sequence,
    { command: CTRL_CMD.getFamily, version: CONTROLLER_VERSION },
    makeAttribute(CTRL_ATTR.familyName, makeText(name)),
  );

/** Returns the command of a message; undefined if the message is too short. */
export const readCommand = ({ view, start, end }: Message): number | undefined =>
  end - start < GENERIC_HEADER_BYTES ? undefined : view.getUint8(start);

/** Reads an answer to `familyRequest`. Returns undefined for other messages and without a family number. */
export function readFamily(message: Message): GenericFamily | undefined {
  if (message.type !== CONTROLLER || readCommand(message) !== CTRL_CMD.newFamily) return undefined;
  const { view, start, end } = message;
  let id = 0;
  let version = 0;
  const groups = new Map<string, number>();
  eachAttribute(view, start + GENERIC_HEADER_BYTES, end, (type, at, length) => {
    if (type === CTRL_ATTR.familyId) id = unsigned(view, at, length);
    else if (type === CTRL_ATTR.version) version = unsigned(view, at, length);
    else if (type === CTRL_ATTR.groups) readGroups(view, at, length, groups);
  });
  return id === 0 ? undefined : { id, version, groups };
}

/** Reads a list of nested attributes, one for each group. Their types count from 1 and have no meaning. */
function readGroups(view: DataView, start: number, size: number, into: Map<string, number>): void {
  eachAttribute(view, start, start + size, (_, groupAt, groupLength) => {
    let name = "";
    let id = 0;
    eachAttribute(view, groupAt, groupAt + groupLength, (type, at, length) => {
      if (type === CTRL_ATTR_GROUP.name) name = textOf(view, at, length);
      else if (type === CTRL_ATTR_GROUP.id) id = unsigned(view, at, length);
    });
    if (name !== "" && id !== 0) into.set(name, id);
  });
}
