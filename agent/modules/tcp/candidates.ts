// Network namespaces there are besides the agent's own, by identity: kept by a mount, or by a process. namespaces(7).

import type { Files } from "../../host/host.ts";
import { parseNamespaceMounts } from "../../proc/mountinfo.ts";

/** A path that leads into each namespace, by its identity `net:[inode]`. */
export function findCandidates(files: Files): Map<string, string> {
  const found = new Map<string, string>();
  for (const pid of files.list("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const path = `/proc/${pid}/ns/net`;
    const identity = files.link(path);
    if (identity !== undefined && !found.has(identity)) found.set(identity, path);
  }
  // A mount outlives the processes inside, and its path is nobody else's when they are gone. Those of Docker are in a
  // folder of root's own; one that no process is in any more has no connections to be asked for either.
  for (const { identity, path } of namespaceMounts(files)) if (files.exists(path)) found.set(identity, path);
  const own = files.link("/proc/self/ns/net");
  if (own !== undefined) found.delete(own);
  return found;
}

const identitiesByMount = (files: Files): ReadonlyMap<string, string> =>
  new Map(namespaceMounts(files).map(({ path, identity }) => [path, identity]));

const namespaceMounts = (files: Files) => parseNamespaceMounts(files.read("/proc/self/mountinfo") ?? "");

/** Which of these paths no longer lead where they did. */
export function findMoved(files: Files, paths: ReadonlyMap<string, string>): string[] {
  const mounted = new Map(namespaceMounts(files).map(({ path, identity }) => [path, identity]));
  const leadsTo = (path: string) => (isOfProcess(path) ? files.link(path) : mounted.get(asMounted(path)));
  return [...paths].filter(([identity, path]) => leadsTo(path) !== identity).map(([moved]) => moved);
}

/** The identity of the namespace that a path leads into; undefined where it leads nowhere. */
export const findIdentity = (files: Files, path: string): string | undefined =>
  isOfProcess(path) ? files.link(path) : identitiesByMount(files).get(asMounted(path));

const isOfProcess = (path: string): boolean => path.startsWith("/proc/");
const asMounted = (path: string): string => path.replace(/^\/var\/run\//, "/run/");
