// A network namespace in the table of namespaces, and the events about it.

import type { ShimError } from "../../native-shim/shim.ts";
import type { NamespaceView } from "./namespace-view.ts";

/** A network namespace that a search has found. */
export interface KnownNamespace {
  /** Identity of the namespace, `net:[inode]`. */
  readonly identity: string;
  /** Path to the namespace: a mount, or /proc/PID/ns/net. */
  readonly path: string;
  /** Addresses and attachments; undefined until they were read once. */
  readonly view: NamespaceView | undefined;
}

/** Receives events about namespaces that are attached to an interface of the agent's own namespace. */
export interface NamespaceListener {
  /** Called when a namespace is attached to an interface of the agent's own namespace for the first time. */
  onFound(namespace: KnownNamespace): void;
  /** Called when the namespace has another path. */
  onMoved(namespace: KnownNamespace): void;
  onGone(namespace: KnownNamespace): void;
  /** Called after the events above, if addresses or attachments changed or a namespace was removed. */
  onChange(): void;
  /** Called when a namespace cannot be entered. */
  onRefused(path: string, error: ShimError): void;
  /** Called when a namespace has more interfaces or addresses than the agent reads. */
  onPartial(path: string): void;
}
