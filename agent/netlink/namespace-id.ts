// The number that a network namespace has in another namespace. See linux/net_namespace.h, and rtnetlink(7),
// "RTM_GETNSID".

import { eachAttribute, makeAttribute, makeUint32, unsigned } from "./attribute.ts";
import { type Message, MessageFlag, makeMessage } from "./message.ts";

const NEW_NAMESPACE_ID = 88;
const GET_NAMESPACE_ID = 90;
/** Size of a struct rtgenmsg, padded. */
const BODY_BYTES = 4;
const NETNSA = { id: 1, pid: 2 } as const;

/** Requests the number that the namespace of process `pid` has in the namespace of the socket. */
export const namespaceIdRequest = (sequence: number, pid: number): Uint8Array =>
  makeMessage(
    GET_NAMESPACE_ID,
    MessageFlag.request | MessageFlag.acknowledge,
    sequence,
    new Uint8Array(BODY_BYTES),
    makeAttribute(NETNSA.pid, makeUint32(pid)),
  );

/** Returns the number; undefined if there is none. Then no interface leads from one of the namespaces to the other. */
export function readNamespaceId({ type, view, start, end }: Message): number | undefined {
  if (type !== NEW_NAMESPACE_ID) return undefined;
  let id = -1;
  eachAttribute(view, start + BODY_BYTES, end, (type, at, length) => {
    if (type === NETNSA.id && length >= 4) id = unsigned(view, at, length) | 0;
  });
  return id < 0 ? undefined : id;
}
