// The error of a tap that could not be opened, with the reason and a remedy.

import type { TapOptions } from "./engine.ts";

/** Reports that a tap could not be opened. The message has the reason and a remedy. */
export class CaptureError extends Error {
  override name = "CaptureError";
  /** Name of an errno, such as EPERM or ENODEV; EUNAVAILABLE if a library is missing. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  EPERM: "packet sockets need CAP_NET_RAW",
  EACCES: "packet sockets need CAP_NET_RAW",
  ENODEV: "the interface does not exist",
  ENXIO: "the interface does not exist",
  ENETDOWN: "the interface is down",
  EAFNOSUPPORT: "the kernel has no packet sockets (CONFIG_PACKET)",
  EMFILE: "too many open files: raise LimitNOFILE",
};

/** Makes the error of a tap from the error of a system call. */
export function captureError(engine: string, options: Pick<TapOptions, "name">, error: unknown): CaptureError {
  const { code = "EUNKNOWN", message } = error as { code?: string; message: string };
  const remedy = REMEDIES[code];
  return new CaptureError(code, `${engine}: ${options.name}: ${message}${remedy === undefined ? "" : `; ${remedy}`}`);
}
