// Why a file cannot be read, as a message says it. See errno(3).

import type { Files } from "./host.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EISDIR: "is a directory",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EMFILE: "too many open files in this process",
  ENFILE: "too many open files on this host",
  EIO: "input/output error",
  ENOMEM: "out of memory",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
};

/** Returns the reason for a file that `read` returned nothing for. */
export function whyUnreadable(
  { exists, errorOf = (path) => guess(exists, path) }: Pick<Files, "exists"> & Partial<Pick<Files, "errorOf">>,
  path: string,
): string {
  const code = errorOf(path);
  if (code === undefined) return "could not be read a moment ago";
  const reason = REASONS[code] ?? code;
  const bar = code === "EACCES" ? barOnTheWay(exists, path) : undefined;
  return bar === undefined ? reason : `${reason}: ${bar} cannot be entered (chmod o+x ${bar})`;
}

/** Returns the first folder on the way to a file that this process cannot enter. See path_resolution(7). */
function barOnTheWay(exists: Files["exists"], path: string): string | undefined {
  const names = path.split("/").slice(1, -1);
  const folders = names.map((_, i) => `/${names.slice(0, i + 1).join("/")}`);
  return folders.find((folder) => exists(folder) && !exists(`${folder}/.`));
}

function guess(exists: Files["exists"], path: string): string {
  if (!exists(path)) return "ENOENT";
  return exists(`${path}/.`) ? "EISDIR" : "EACCES";
}
