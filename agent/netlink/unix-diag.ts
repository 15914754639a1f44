// Requests a list of unix sockets with their names and owners. See linux/unix_diag.h, sock_diag(7) and unix(7).

import { eachAttribute, unsigned } from "./attribute.ts";
import { LITTLE_ENDIAN, type Message, MessageFlag, makeMessage } from "./message.ts";

const SOCK_DIAG_BY_FAMILY = 20;
const AF_UNIX = 1;
const ALL_STATES = 0xffff_ffff;
/** UDIAG_SHOW_NAME and UDIAG_SHOW_UID. */
const SHOWN = 0x41;
const UNIX_DIAG_NAME = 0;
const UNIX_DIAG_UID = 7;
/** Sizes of struct unix_diag_req and struct unix_diag_msg. */
const REQUEST_BYTES = 24;
const ANSWER_BYTES = 16;

/** A unix socket. */
export interface UnixSocketOwner {
  /** The bytes of the address as Latin-1; an abstract name begins with a zero byte. Empty if the socket is unnamed. */
  readonly name: string;
  /** The user that created the socket; undefined before Linux 5.3. */
  readonly uid: number | undefined;
}

/** Returns a request for all unix sockets of the network namespace. */
export function unixSocketsRequest(sequence: number): Uint8Array {
  const body = new Uint8Array(REQUEST_BYTES);
  const view = new DataView(body.buffer);
  view.setUint8(0, AF_UNIX);
  view.setUint32(4, ALL_STATES, LITTLE_ENDIAN);
  view.setUint32(12, SHOWN, LITTLE_ENDIAN);
  return makeMessage(SOCK_DIAG_BY_FAMILY, MessageFlag.request | MessageFlag.dump, sequence, body);
}

/** Reads one socket of the answer; undefined for other messages. */
export function readUnixSocket({ type, view, start, end }: Message): UnixSocketOwner | undefined {
  if (type !== SOCK_DIAG_BY_FAMILY) return undefined;
  let name = "";
  let uid: number | undefined;
  eachAttribute(view, start + ANSWER_BYTES, end, (attribute, at, length) => {
    if (attribute === UNIX_DIAG_NAME) name = latin1(view, at, length);
    if (attribute === UNIX_DIAG_UID) uid = unsigned(view, at, length);
  });
  return { name, uid };
}

const latin1 = (view: DataView, at: number, length: number): string =>
  String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));
