// Notices that the interface or the namespace of a collector is another one under the same name.

import type { Context } from "../module.ts";
import { interfaceNames, meaningOf, type SocketParts } from "./udp-socket.ts";

/** Milliseconds between looks at what the names in another namespace lead to. No event reports that. */
const LOOK_AGAIN = 1000;

export class FollowedMeaning {
  readonly #parts: SocketParts;
  readonly #context: Context;
  readonly #onChange: () => void;
  readonly #stopWatching: (() => void) | undefined;
  /** What the names led to when they were looked at. */
  #meaning: string;
  #lookedAt = 0;

  /** Calls `onChange` once a name leads elsewhere: to another interface, or to a namespace that was made again. */
  constructor(parts: SocketParts, context: Context, onChange: () => void) {
    const { namespace } = parts.config;
    this.#parts = parts;
    this.#context = context;
    this.#onChange = onChange;
    this.#meaning = meaningOf(parts, context.host.files);
    const isWatched = namespace === undefined && interfaceNames(parts.config).length > 0;
    this.#stopWatching = isWatched ? context.interfaces.onChange(() => this.#look()) : undefined;
  }

  /** Looks at the names of another namespace, at most once a second. To be called before datagrams are sent. */
  lookAgain(): void {
    if (this.#parts.config.namespace === undefined) return;
    const now = this.#context.host.clock.uptime();
    if (now - this.#lookedAt < LOOK_AGAIN) return;
    this.#lookedAt = now;
    this.#look();
  }

  stop(): void {
    this.#stopWatching?.();
  }

  #look(): void {
    const meaning = meaningOf(this.#parts, this.#context.host.files);
    if (meaning === this.#meaning) return;
    this.#meaning = meaning;
    this.#onChange();
  }
}
