// The modules at work, in the order of modules/index.ts: made, started, changed in place and stopped in reverse.

import { isDeepStrictEqual } from "node:util";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { type ListedModule, modules } from "../modules/index.ts";
import type { Context, Running } from "../modules/module.ts";
import type { Found } from "../report/found.ts";
import { blocksFor, givenTo } from "./code.ts";
import type { Configuration } from "./configuration.ts";

type Blocks = readonly Record<string, unknown>[];

/** What all parts have in common; each is given a log and a way to lay over the file under its own name. */
export interface Shared extends Omit<Context, "layOver"> {
  layOver(source: string, found: Found | undefined): readonly string[];
}

/** Why the parts are looked at again. */
export interface Change {
  /** Lets parts look at the settings again though their blocks are the same. */
  readonly settings: boolean;
  /** The file was read: what parts have changed of their own accord is to be as it says. */
  readonly file: boolean;
}

export interface Part {
  readonly module: ListedModule;
  /** As the log names it. */
  readonly name: string;
  readonly running: Running<unknown>;
  readonly blocks: Blocks;
  /** Why it could not start, or not be brought to these blocks: the next reload begins it anew. */
  readonly failure: string | undefined;
}

const nameOf = ({ keyword, name, help }: ListedModule): string => keyword ?? name ?? help;

/** Of a module that could not be had. */
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

  /** What is in force and does not work, a sentence each. */
  failures(): readonly string[] {
    return this.#parts.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name} { }: ${failure}`]));
  }

  /**
   * Code of all there is work for: without root it may not be readable, and it takes its time. Who begins it tells what
   * could not be loaded.
   */
  async load(configuration: Configuration): Promise<void> {
    const wanted = modules.filter((module) => blocksFor(configuration, module).length > 0);
    await Promise.allSettled(wanted.map(({ load }) => load?.()));
  }

  /** Everything there is work for, in order. */
  async start(configuration: Configuration): Promise<void> {
    for (const module of modules) {
      const part = await this.#begin(module, blocksFor(configuration, module));
      if (part !== undefined) this.#parts = [...this.#parts, part];
    }
  }

  /**
   * Brings the parts to what the file says now. What did not change is not touched; what can change in place does; what
   * cannot is stopped and begun anew.
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

  /** `between` is called after each part, so that what it gave up goes out while its collectors are there. */
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

  /** A module that cannot be had costs its own block: the agent says why and runs without it. */
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

  /** What it found goes with it. */
  async #end({ name, running }: Part): Promise<void> {
    await this.#attempt(name, () => running.stop());
    this.#context.layOver(name, undefined);
  }

  /** Undefined, or what went wrong. */
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
