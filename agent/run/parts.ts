// The running modules, in the order of modules/index.ts: starts them, changes them in place, stops them in reverse.

import { setImmediate as nextTurn } from "node:timers/promises";
import { OwnTraffic } from "../capture/own-traffic.ts";
import { sameValues } from "../config/same-values.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { type ListedModule, modules } from "../modules/index.ts";
import type { Context, Running } from "../modules/module.ts";
import type { Found } from "../report/found.ts";
import { blocksFor, givenTo } from "./code.ts";
import type { Configuration } from "./configuration.ts";
import { loadCode } from "./load-code.ts";

type Blocks = readonly Record<string, unknown>[];

/** The context that all modules share. Each module gets its own log and its own `layOver`. */
export interface Shared extends Omit<Context, "layOver" | "ownTraffic"> {
  layOver(source: string, found: Found | undefined): readonly string[];
}

/** The reasons for a call of `change`. */
export interface Change {
  /** Settings of sflow { } changed: modules read them again even if their blocks are the same. */
  readonly settings: boolean;
  /** The file was read: modules undo changes of their own, such as a raised sampling rate. */
  readonly file: boolean;
}

/** A module that was started, with the blocks it was started with. */
export interface Part {
  readonly module: ListedModule;
  /** Name in the log and in status. */
  readonly name: string;
  readonly running: Running<unknown>;
  readonly blocks: Blocks;
  /** The reason why the module could not be started or reconfigured. The next reload then starts it again. */
  readonly failure: string | undefined;
}

const nameOf = ({ keyword, name, help }: ListedModule): string => keyword ?? name ?? help;

/** Stands in for a module that could not be loaded or created. */
const IDLE: Part["running"] = { start: () => undefined, stop: () => undefined };

/** Starts, reconfigures and stops the modules of a configuration. */
export class Parts {
  readonly #context: Shared;
  readonly #ownTraffic = new OwnTraffic();
  #parts: readonly Part[] = [];

  constructor(context: Shared) {
    this.#context = context;
  }

  get all(): readonly Part[] {
    return this.#parts;
  }

  /** Returns a message for each block that could not be started or reconfigured. */
  failures(): readonly string[] {
    return this.#parts.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name} { }: ${failure}`]));
  }

  /**
   * Loads the code of all modules that the configuration uses, which takes time and may need root: each in turns of its
   * own. Ignores failures: `#begin` loads the module again and reports them.
   */
  async load(configuration: Configuration): Promise<void> {
    for (const module of modules) {
      if (blocksFor(configuration, module).length === 0) continue;
      await module.load?.().catch(() => undefined);
      await nextTurn();
    }
  }

  /** Starts every module that the configuration uses, in order. */
  async start(configuration: Configuration): Promise<void> {
    for (const module of modules) {
      const part = await this.#begin(module, blocksFor(configuration, module));
      if (part !== undefined) this.#parts = [...this.#parts, part];
    }
  }

  /**
   * Applies a changed configuration. Leaves a module alone if its blocks are the same; otherwise reconfigures the
   * module if it supports that, or else restarts it.
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

  /** Stops all modules. Calls `between` after each, to send its last samples while the collectors are still open. */
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
    const same = !broken && sameValues(part.blocks, blocks);
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

  /** Starts a module. If the module cannot be loaded or created, logs the reason; the agent runs without the module. */
  async #begin(module: ListedModule, blocks: Blocks): Promise<Part | undefined> {
    if (blocks.length === 0 || module.load === undefined) return undefined;
    const name = nameOf(module);
    const log: Logger = module.keyword === null ? this.#context.log : this.#context.log.child(module.keyword);
    try {
      const layOver = (found: Found | undefined) => this.#context.layOver(name, found);
      const running = (await loadCode(module.load)).create(givenTo(module, blocks), {
        ...this.#context,
        ownTraffic: this.#ownTraffic,
        log,
        layOver,
      });
      const failure = await this.#attempt(name, () => running.start());
      return { module, name, running, blocks, failure };
    } catch (error) {
      const failure = messageOf(error);
      this.#context.log.error(`${name}: ${failure}`);
      return { module, name, running: IDLE, blocks, failure };
    }
  }

  /** Stops a module, and withdraws the settings that it discovered. */
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
