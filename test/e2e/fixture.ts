// The fixture of an end-to-end file: a folder, network namespaces, agents and receivers. Each is made when a test or
// a `test.beforeAll` first uses it, shared by the tests of the file, and removed after the last of them.

import { test as base } from "vitest";
import { type Agent, type Folder, makeFolder, startAgent } from "./agent.ts";
import { type Lab, makeLab, type Namespace } from "./namespaces.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

type Cleanup = () => unknown;

export interface Fixtures {
  readonly folder: Folder;
  readonly lab: Lab;
  /** Calls `cleanup` after the last test, in reverse order, while namespaces and folder still exist. */
  readonly atEnd: (cleanup: Cleanup) => void;
  /** Starts the built agent, with its files in the folder. It ends with its namespace at the latest. */
  readonly startAgent: (namespace: Namespace, configuration: string, ...flags: string[]) => Agent;
  /** Starts a collector that keeps every datagram. It ends with its namespace at the latest. */
  readonly startReceiver: (
    namespace: Pick<Namespace, "command">,
    options?: { readonly address?: string; readonly port?: number },
  ) => Promise<Receiver>;
}

export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures used from a pattern.
  .extend("folder", { scope: "file" }, ({}, { onCleanup }): Fixtures["folder"] => {
    const folder = makeFolder();
    onCleanup(() => folder.remove());
    return folder;
  })
  // Depends on the folder, so that it is removed first: then no process is left that writes there.
  .extend("lab", { scope: "file" }, ({ folder: _ }, { onCleanup }): Fixtures["lab"] => {
    const lab = makeLab();
    onCleanup(() => lab.remove());
    return lab;
  })
  .extend("atEnd", { scope: "file" }, ({ lab: _ }, { onCleanup }): Fixtures["atEnd"] => {
    const cleanups: Cleanup[] = [];
    onCleanup(async () => {
      for (const cleanup of cleanups.reverse()) await cleanup();
    });
    return (cleanup) => void cleanups.push(cleanup);
  })
  .extend(
    "startAgent",
    { scope: "file" },
    ({ folder }): Fixtures["startAgent"] =>
      (namespace, configuration, ...flags) =>
        startAgent(namespace, configuration, folder.path, ...flags),
  )
  .extend("startReceiver", { scope: "file" }, ({ folder }): Fixtures["startReceiver"] => {
    let count = 0;
    return (namespace, options = {}) =>
      startReceiver(namespace, { ...options, pcap: folder.file(`received-${++count}.pcap`) });
  });
