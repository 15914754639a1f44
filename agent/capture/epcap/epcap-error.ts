// The error of a tap of BPF that could not be opened, with the reason and a remedy.

import { CaptureError } from "../capture-error.ts";
import type { TapOptions } from "../engine.ts";
import { REFUSED } from "./kernel.ts";

const REMEDIES: Readonly<Record<string, string>> = {
  EPERM: "epcap needs CAP_BPF and CAP_NET_ADMIN",
  EACCES: "epcap needs CAP_BPF and CAP_NET_ADMIN",
  EINVAL: "epcap needs tcx, which Linux has since 6.6 (CONFIG_NET_XGRESS)",
  ENOSYS: "the kernel has no bpf(2) (CONFIG_BPF_SYSCALL)",
  ENODEV: "the interface does not exist",
  EMFILE: "too many open files: raise LimitNOFILE",
};

export function epcapError({ name }: Pick<TapOptions, "name">, error: unknown): CaptureError {
  const { code = "EUNKNOWN", message } = error as { code?: string; message: string };
  const remedy = message.includes(REFUSED) ? undefined : REMEDIES[code];
  return new CaptureError(code, `epcap: ${name}: ${remedy === undefined ? message : `${remedy}; ${message}`}`);
}
