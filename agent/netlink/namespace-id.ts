// The number that one network namespace knows another by. linux/net_namespace.h, rtnetlink(7) "RTM_GETNSID".

import { eachAttribute, makeAttribute, makeUint32, unsigned } from "./attribute.ts";
import { type Message, MessageFlag, makeMessage } from "./message.ts";

const NEW_NAMESPACE_ID = 88;
const GET_NAMESPACE_ID = 90;
/** struct rtgenmsg, padded. */
const BODY_BYTES = 4;
const NETNSA = { id: 1, pid: 2 } as const;

/** Which number has the namespace of process `pid` in the one that is asked? */
export const namespaceIdRequest = (sequence: number, pid: number): Uint8Array =>
  makeMessage(
    GET_NAMESPACE_ID,
    MessageFlag.request | MessageFlag.acknowledge,
    sequence,
    new Uint8Array(BODY_BYTES),
    makeAttribute(NETNSA.pid, makeUint32(pid)),
  );

/** Undefined where it has none: then no link of either ends in the other. */
export function readNamespaceId({ type, view, start, end }: Message): number | undefined {
  if (type !== NEW_NAMESPACE_ID) return undefined;
  let id = -1;
  eachAttribute(view, start + BODY_BYTES, end, (type, at, length) => {
    if (type === NETNSA.id && length >= 4) id = unsigned(view, at, length) | 0;
  });
  return id < 0 ? undefined : id;
}
