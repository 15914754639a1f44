// The SRV targets whose addresses may be needed: those of the first priority, and of the next one if no target of the
// first has an address.

import type { Srv } from "../../dns/message.ts";
import type { Candidate } from "./choose-collectors.ts";
import type { Target } from "./target.ts";

export class Targets {
  readonly #follow: (name: string) => Target;
  readonly #followed = new Map<string, Target>();
  #needed: readonly Srv[] = [];

  constructor(follow: (name: string) => Target) {
    this.#follow = follow;
  }

  get all(): readonly Target[] {
    return [...this.#followed.values()];
  }

  /** Follows the targets of these records that may be needed, and no others. To be called again after each outcome. */
  set(recordsByPriority: readonly Srv[]): void {
    this.#needed = [];
    for (const priority of new Set(recordsByPriority.map((record) => record.priority))) {
      const group = recordsByPriority.filter((record) => record.priority === priority);
      this.#needed = [...this.#needed, ...group];
      const targets = group.map((record) => this.#targetOf(record));
      if (targets.some(({ settled, addresses }) => !settled || addresses.length > 0)) break;
    }
    this.#keepOnly(new Set(this.#needed.map(({ target }) => target.toLowerCase())));
  }

  /** Returns the records with the addresses of their targets; undefined while a question is open. */
  candidates(): readonly Candidate[] | undefined {
    if (!this.all.every(({ settled }) => settled)) return undefined;
    return this.#needed.map((srv) => ({ srv, addresses: this.#targetOf(srv).addresses }));
  }

  stop(): void {
    this.#keepOnly(new Set());
  }

  #targetOf({ target }: Srv): Target {
    const name = target.toLowerCase();
    const found = this.#followed.get(name) ?? this.#follow(name);
    this.#followed.set(name, found);
    return found;
  }

  #keepOnly(names: ReadonlySet<string>): void {
    for (const [name, target] of this.#followed) {
      if (names.has(name)) continue;
      target.stop();
      this.#followed.delete(name);
    }
  }
}
