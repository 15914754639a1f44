// Problems with lookups: each is logged once as a warning, then at debug level only.

import type { ShimError } from "../../../native-shim/shim.ts";
import type { Logger } from "../../log/logger.ts";

/** Logs the problems with lookups. */
export interface Complaints {
  /** Reports that a namespace cannot be entered or queried. `path` is undefined for the agent's own namespace. */
  refused(path: string | undefined, error: ShimError): void;
  /** Reports that a namespace has more interfaces or addresses than the agent reads. */
  partial(path: string): void;
  /** Reports that an answer of the kernel is an error or malformed. */
  trouble(path: string | undefined, what: string): void;
}

/** Error codes that mean that a namespace was removed meanwhile. This is normal, so such an error is not logged. */
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
      if (path === undefined) once(error.code, `${reasonOf(error)}; samples are sent without extended_tcp_info`);
      else if (!GONE.includes(error.code)) once(`namespace ${error.code}`, `${path}: ${enteringOf(error)}`);
    },
    partial: (path) =>
      once(
        "partial",
        `${path}: more than 1,024 interfaces or 4,096 addresses; connections of the others are not looked up`,
      ),
    trouble: (path, what) => once(what, `connection lookup failed${path === undefined ? "" : ` in ${path}`}: ${what}`),
  };
}

const enteringOf = (error: ShimError): string =>
  `${error.message}; connections of containers need CAP_SYS_ADMIN and CAP_SYS_PTRACE, or hsflowd-namespaces.socket; ` +
  "those of the host need neither";

/** Explains why connections of the host cannot be looked up, and what to do. */
export function reasonOf(error: ShimError): string {
  if (error.code === "EPROTONOSUPPORT") return "this kernel has no sock_diag: build it with CONFIG_INET_DIAG";
  if (error.code === "EOPNOTSUPP")
    return "this kernel has no tcp_diag: load the module with modprobe tcp_diag, or build it in";
  return `cannot open a netlink socket for inet_diag: ${error.message}`;
}
