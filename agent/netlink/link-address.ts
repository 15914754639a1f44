// The address of an interface. See linux/if_addr.h, and rtnetlink(7), "RTM_NEWADDR".

import { bytesOf, eachAttribute, unsigned } from "./attribute.ts";
import { AF_INET, AF_INET6, LITTLE_ENDIAN, type Message } from "./message.ts";

const BODY_BYTES = 8;
const IFA = { address: 1, local: 2, flags: 8 } as const;

export interface LinkAddress {
  /** The ifIndex of the interface. */
  readonly index: number;
  /** The local address, also on a point-to-point link, where the message has the peer's address too. */
  readonly bytes: Uint8Array;
  readonly prefixLength: number;
  /** IFA_F_* bits. */
  readonly flags: number;
  /** An RT_SCOPE_* number. */
  readonly scope: number;
}

/** Reads an address. Returns undefined for families other than IPv4 and IPv6, and for addresses of the wrong length. */
export function readLinkAddress({ view, start, end }: Message): LinkAddress | undefined {
  if (end - start < BODY_BYTES) return undefined;
  const family = view.getUint8(start);
  let flags = view.getUint8(start + 2);
  let address: Uint8Array | undefined;
  let local: Uint8Array | undefined;
  eachAttribute(view, start + BODY_BYTES, end, (type, at, length) => {
    if (type === IFA.address) address = bytesOf(view, at, length);
    else if (type === IFA.local) local = bytesOf(view, at, length);
    else if (type === IFA.flags) flags = unsigned(view, at, length);
  });
  const bytes = local ?? address;
  if (bytes === undefined || bytes.length !== lengthOf(family)) return undefined;
  const index = view.getUint32(start + 4, LITTLE_ENDIAN);
  return { index, bytes, prefixLength: view.getUint8(start + 1), flags, scope: view.getUint8(start + 3) };
}

function lengthOf(family: number): number {
  if (family === AF_INET) return 4;
  return family === AF_INET6 ? 16 : -1;
}
