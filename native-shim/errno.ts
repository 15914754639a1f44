// Names of error numbers, and errors in the form of Node's own. See errno(3).

import { getSystemErrorMap, getSystemErrorName } from "node:util";
import type { ShimError } from "./shim.ts";

/** Returns the name of a negative result of `receive` or `send`: "EPERM" for -1. */
export const errnoName = (result: number): string => getSystemErrorName(result);

/** Makes the error that `syscall` throws for a negative result. `place` is the path that the call was about. */
export function makeShimError(result: number, syscall: string, place?: string): ShimError {
  const code = errnoName(result);
  const words = getSystemErrorMap().get(result)?.[1] ?? "unknown error";
  const message = `${code}: ${words}, ${syscall}${place === undefined ? "" : ` in ${place}`}`;
  return Object.assign(new Error(message), { code, errno: -result, syscall });
}

export function throwErrno(result: number, syscall: string, place?: string): never {
  throw makeShimError(result, syscall, place);
}
