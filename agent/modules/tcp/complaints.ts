// What goes wrong with lookups: said once each, and again with -dd only.

import type { ShimError } from "../../../native-shim/shim.ts";
import type { Logger } from "../../log/logger.ts";

export interface Complaints {
  /** A namespace, undefined for the agent's own, cannot be entered or asked. */
  refused(path: string | undefined, error: ShimError): void;
  /** An answer that is not about the connection asked for. */
  trouble(path: string | undefined, what: string): void;
}

/** A namespace that goes while it is looked at is nothing to speak of. */
const GONE = ["ENOENT", "EINVAL", "ESRCH"];

export function makeComplaints(log: Logger): Complaints {
  const said = new Set<string>();

  function once(what: string, message: string): void {
    if (said.has(what)) log.debug(1, message);
    else log.warn(message);
    said.add(what);
  }

  return {
    refused(path, error) {
      if (path === undefined) once(error.code, `${reasonOf(error)}; samples go without extended_tcp_info`);
      else if (!GONE.includes(error.code)) once(`namespace ${error.code}`, `${path}: ${enteringOf(error)}`);
    },
    trouble: (path, what) => once(what, `inet_diag${path === undefined ? "" : ` in ${path}`}: ${what}`),
  };
}

const enteringOf = (error: ShimError): string =>
  `${error.message}; connections of containers need CAP_SYS_ADMIN and CAP_SYS_PTRACE, those of the host need neither`;

/** Why the host's own connections cannot be asked about, and the remedy. */
export function reasonOf(error: ShimError): string {
  if (error.code === "EPROTONOSUPPORT") return "this kernel has no sock_diag, build it with CONFIG_INET_DIAG";
  if (error.code === "EOPNOTSUPP") return "this kernel has no tcp_diag, load the module or build it in";
  return `no netlink socket to inet_diag: ${error.message}`;
}
