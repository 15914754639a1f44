// Word of default routes that come, change and go. rtnetlink(7); linux/filter.h, linux/rtnetlink.h "struct rtmsg".

import type { Shim } from "../../native-shim/shim.ts";
import { ROUTE_GROUPS } from "../netlink/route.ts";
import { type Notices, openNotices } from "./notices.ts";

/** Of a notice: behind struct nlmsghdr and rtm_family. */
const DESTINATION_LENGTH = 17;
const LOAD_BYTE = 0x30;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;

/**
 * Lets only routes to everywhere pass, so that a router with a million others, which change all the time, does not wake
 * the agent for them.
 */
function defaultRoutesProgram(): Uint8Array {
  const program = [
    { code: LOAD_BYTE, differs: 0, k: DESTINATION_LENGTH },
    { code: JUMP_IF_EQUAL, differs: 1, k: 0 },
    { code: RETURN, differs: 0, k: 0xffff_ffff },
    { code: RETURN, differs: 0, k: 0 },
  ];
  const bytes = new Uint8Array(program.length * 8);
  const halves = new Uint16Array(bytes.buffer);
  const words = new Uint32Array(bytes.buffer);
  program.forEach(({ code, differs, k }, i) => {
    halves[i * 4] = code;
    bytes[i * 8 + 3] = differs;
    words[i * 2 + 1] = k;
  });
  return bytes;
}

/** Without netlink nothing is told. The function returned ends it. */
export function watchDefaultRoutes(sockets: Shim, onChange: () => void): () => void {
  let notices: Notices;
  try {
    notices = openNotices(sockets, ROUTE_GROUPS, defaultRoutesProgram());
  } catch {
    return () => undefined;
  }
  notices.listen({ onMessages: onChange, onLost: onChange });
  return () => notices.close();
}
