// Which blocks of code have run, as V8 counts them. See the Chrome DevTools Protocol, "Profiler.takePreciseCoverage".

import { Session } from "node:inspector";

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

interface Script {
  readonly url: string;
  readonly functions: readonly { readonly ranges: readonly Range[] }[];
}

/** The blocks of the scripts whose URL matches. */
export class Coverage {
  readonly #session = new Session();
  readonly #isWanted: (url: string) => boolean;
  readonly #seen = new Set<string>();

  constructor(isWanted: (url: string) => boolean) {
    this.#isWanted = isWanted;
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** Number of blocks seen so far. */
  get size(): number {
    return this.#seen.size;
  }

  /** Returns the blocks that have run since the last call. */
  take(): string[] {
    return this.#read().flatMap(({ url, functions }) =>
      this.#isWanted(url) ? functions.flatMap(({ ranges }) => ranges.filter(hasRun).map(keyOf)) : [],
    );
  }

  hasNew(blocks: readonly string[]): boolean {
    return blocks.some((block) => !this.#seen.has(block));
  }

  /** Returns true if a block was never seen before. */
  remember(blocks: readonly string[]): boolean {
    const isNew = this.hasNew(blocks);
    for (const block of blocks) this.#seen.add(block);
    return isNew;
  }

  close(): void {
    this.#session.disconnect();
  }

  /** The session answers before `post` returns. */
  #read(): readonly Script[] {
    let scripts: readonly Script[] = [];
    this.#session.post("Profiler.takePreciseCoverage", (error, answer) => {
      if (error === null) scripts = answer.result;
    });
    return scripts;
  }
}

const hasRun = ({ count }: Range): boolean => count > 0;
const keyOf = ({ startOffset, endOffset }: Range): string => `${startOffset} ${endOffset}`;
