// Finds the network namespaces of this host except the agent's own. Each is reached by the path of a mount or of a
// process that keeps the namespace alive. See namespaces(7).

import type { Files } from "../host/host.ts";
import { parseNamespaceMounts } from "../proc/mountinfo.ts";

/** Number of processes in one step of a search, which takes 0.2 ms, or 2 ms if each is asked about in the helper. */
const PROCESSES_A_STEP = 32;

/**
 * Searches in steps, because a host may have tens of thousands of processes. Yields between the steps. Returns one path
 * for each namespace. The keys are the identities of the namespaces, `net:[inode]`.
 */
export function* findNamespaces(files: Files): Generator<void, Map<string, string>> {
  const found = new Map<string, string>();
  const processes = files.list("/proc").filter((name) => /^\d+$/.test(name));
  for (const [i, pid] of processes.entries()) {
    if (i % PROCESSES_A_STEP === PROCESSES_A_STEP - 1) yield;
    const path = `/proc/${pid}/ns/net`;
    const identity = files.link(path);
    if (identity !== undefined && !found.has(identity)) found.set(identity, path);
  }
  yield;
  // Prefers a mount, because it outlives the processes, and because process ids are reused. Docker's mounts are in a
  // folder that only root may enter. Without access to a mount, keeps the path by a process.
  for (const { identity, path } of namespaceMounts(files)) if (files.exists(path)) found.set(identity, path);
  const own = files.link("/proc/self/ns/net");
  if (own !== undefined) found.delete(own);
  return found;
}

/** Returns the identities of namespaces whose paths no longer lead to them. `paths` is by identity. */
export function findMoved(files: Files, paths: ReadonlyMap<string, string>): string[] {
  const mounted = identitiesByMount(files);
  const identityAt = (path: string) => (isOfProcess(path) ? files.link(path) : mounted.get(asMounted(path)));
  return [...paths].filter(([identity, path]) => identityAt(path) !== identity).map(([moved]) => moved);
}

/** Returns the identity of the namespace at a path; undefined if the path leads to no namespace. */
export const findIdentity = (files: Files, path: string): string | undefined =>
  isOfProcess(path) ? files.link(path) : identitiesByMount(files).get(asMounted(path));

const identitiesByMount = (files: Files): ReadonlyMap<string, string> =>
  new Map(namespaceMounts(files).map(({ path, identity }) => [path, identity]));

const namespaceMounts = (files: Files) => parseNamespaceMounts(files.read("/proc/self/mountinfo") ?? "");

const isOfProcess = (path: string): boolean => path.startsWith("/proc/");
const asMounted = (path: string): string => path.replace(/^\/var\/run\//, "/run/");
