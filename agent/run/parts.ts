// The running modules, in the order of modules/index.ts: starts them, changes them in place, stops them in reverse.

import { isDeepStrictEqual } from "node:util";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { type ListedModule, modules } from "../modules/index.ts";
import type { Context, Running } from "../modules/module.ts";
import type { Found } from "../report/found.ts";
import { blocksFor, givenTo } from "./code.ts";
import type { Configuration } from "./configuration.ts";

type Blocks = readonly Record<string, unknown>[];

/** The context that all parts share. Each part gets its own log and its own `layOver`. */
export interface Shared extends Omit<Context, "layOver"> {
  layOver(source: string, found: Found | undefined): readonly string[];
}

/** The kinds of change that parts react to. */
export interface Change {
  /** Settings of sflow { } changed: parts read them again even if their blocks are the same. */
  readonly settings: boolean;
  /** The file was read: parts undo what they have changed by themselves. */
  readonly file: boolean;
}

export interface Part {
  readonly module: ListedModule;
  /** Name in the log and in status. */
  readonly name: string;
  readonly running: Running<unknown>;
  readonly blocks: Blocks;
  /** Why it could not start or be reconfigured. The next reload then starts it again. */
  readonly failure: string | undefined;
}

const nameOf = ({ keyword, name, help }: ListedModule): string => keyword ?? name ?? help;

/** Stands in for a module that could not be loaded or created. */
const IDLE: Part["running"] = { start: () => undefined, stop: () => undefined };

export class Parts {
  readonly #context: Shared;
  #parts: readonly Part[] = [];

  constructor(context: Shared) {
    this.#context = context;
  }

  get all(): readonly Part[] {
    return this.#parts;
  }

  /** Returns a message for each block that is in force and does not work. */
  failures(): readonly string[] {
    return this.#parts.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name} { }: ${failure}`]));
  }

  /**
   * Loads the code of all modules that the configuration uses: that takes time, and may need root. `#begin` reports a
   * module that could not be loaded.
   */
  async load(configuration: Configuration): Promise<void> {
    const wanted = modules.filter((module) => blocksFor(configuration, module).length > 0);
    await Promise.allSettled(wanted.map(({ load }) => load?.()));
  }

  /** Starts every module that the configuration uses, in order. */
  async start(configuration: Configuration): Promise<void> {
    for (const module of modules) {
      const part = await this.#begin(module, blocksFor(configuration, module));
      if (part !== undefined) this.#parts = [...this.#parts, part];
    }
  }

  /**
   * Applies a changed configuration. Leaves parts alone whose blocks are the same, changes others in place if they can,
   * and restarts the rest.
   */
  async change(configuration: Configuration, what: Change): Promise<void> {
    const before = new Map(this.#parts.map((part) => [part.module, part]));
    const after: Part[] = [];
    for (const module of modules) {
      const part = await this.#changed(module, before.get(module), blocksFor(configuration, module), what);
      if (part !== undefined) after.push(part);
    }
    this.#parts = after;
  }

  /** Stops all parts. Calls `between` after each, so that its last samples are sent while the collectors are open. */
  async stop(between: () => void): Promise<void> {
    for (const part of this.#parts.toReversed()) {
      await this.#end(part);
      between();
    }
    this.#parts = [];
  }

  async #changed(module: ListedModule, part: Part | undefined, blocks: Blocks, what: Change) {
    if (part === undefined) return this.#begin(module, blocks);
    const broken = what.file && part.failure !== undefined;
    const same = !broken && isDeepStrictEqual(part.blocks, blocks);
    if (same && !(what.settings && part.running.reconfigure !== undefined)) {
      if (what.file) await this.#attempt(part.name, () => part.running.restore?.());
      return part;
    }
    if (!broken && blocks.length > 0 && part.running.reconfigure !== undefined) {
      const failure = await this.#attempt(part.name, () => part.running.reconfigure?.(givenTo(module, blocks)));
      return { ...part, blocks, failure };
    }
    await this.#end(part);
    return this.#begin(module, blocks);
  }

  /** Starts a module. If it cannot be loaded or created, logs why; the agent runs without it. */
  async #begin(module: ListedModule, blocks: Blocks): Promise<Part | undefined> {
    if (blocks.length === 0 || module.load === undefined) return undefined;
    const name = nameOf(module);
    const log: Logger = module.keyword === null ? this.#context.log : this.#context.log.child(module.keyword);
    try {
      const layOver = (found: Found | undefined) => this.#context.layOver(name, found);
      const running = (await module.load()).create(givenTo(module, blocks), { ...this.#context, log, layOver });
      const failure = await this.#attempt(name, () => running.start());
      return { module, name, running, blocks, failure };
    } catch (error) {
      const failure = messageOf(error);
      this.#context.log.error(`${name}: ${failure}`);
      return { module, name, running: IDLE, blocks, failure };
    }
  }

  /** Stops a part. Also withdraws the settings it contributed. */
  async #end({ name, running }: Part): Promise<void> {
    await this.#attempt(name, () => running.stop());
    this.#context.layOver(name, undefined);
  }

  /** Runs an action; logs and returns the error, if any. */
  async #attempt(name: string, action: () => unknown): Promise<string | undefined> {
    try {
      await action();
      return undefined;
    } catch (error) {
      this.#context.log.error(`${name}: ${messageOf(error)}`);
      return messageOf(error);
    }
  }
}
