// Why a file cannot be read, as a message says it.

import type { Files } from "./host.ts";

/** Returns the reason for a file that `read` gave nothing for. */
export function whyUnreadable({ exists }: Pick<Files, "exists">, path: string): string {
  if (!exists(path)) return "no such file";
  return exists(`${path}/.`) ? "is a directory" : "permission denied";
}
