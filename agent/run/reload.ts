// SIGHUP and `hsflowd reload`: a valid file replaces the configuration in force; an invalid one changes nothing.

import { formatProblems } from "../config/error.ts";
import type { Reloaded } from "../control/protocol.ts";
import type { Files } from "../host/host.ts";
import { whyUnreadable } from "../host/why-unreadable.ts";
import type { WorkQueue } from "../host/work-queue.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { modules } from "../modules/index.ts";
import { type Configuration, readingConfiguration } from "./configuration.ts";

/** Reads the configuration file again on request. */
export interface Reloader {
  /** Never rejects. Waits for a reload that is under way, then reads the file again, which may have changed since. */
  reload(): Promise<Reloaded>;
}

/** The result of putting a configuration in force. */
export interface Applied {
  /** Milliseconds that the change from the old configuration to the new one took. */
  readonly took: number;
  /** A message for each block that could not be started or reconfigured. */
  readonly failures: readonly string[];
}

export interface ReloadParts {
  readonly files: Files;
  /** Long files are read in slices. */
  readonly queue: WorkQueue;
  readonly file: string;
  readonly log: Logger;
  /** Returns a message for each privilege that the agent lacks. Blocks that need the privilege are started anyway. */
  lacks(configuration: Configuration): readonly string[];
  /** Rejects if nothing was applied. */
  apply(configuration: Configuration): Promise<Applied>;
}

export function makeReloader({ files, queue, file, log, lacks, apply }: ReloadParts): Reloader {
  let last: Promise<unknown> = Promise.resolve();

  function refuse(text: string): Reloaded {
    for (const line of text.trimEnd().split("\n")) log.error(line);
    log.error(`${file} was not applied: the previous configuration stays in force`);
    return { ok: false, text, lacking: [] };
  }

  async function once(): Promise<Reloaded> {
    const text = files.read(file);
    if (text === undefined) {
      return refuse(`${file}: error: ${whyUnreadable(files, file)} (the agent runs as user ${process.getuid?.()})`);
    }
    const { configuration, problems } = await queue.finish(readingConfiguration(text, modules));
    const warnings = problems.length === 0 ? "" : formatProblems(file, text, problems);
    if (configuration === undefined) return refuse(warnings);
    const { took, failures } = await apply(configuration);
    const done = `${file}: reloaded, in force after ${took.toFixed(1)} ms`;
    log.info(done);
    const lacking = lacks(configuration);
    for (const line of lacking) log.error(line);
    return { ok: true, text: `${warnings}${done}\n`, lacking: [...failures, ...lacking] };
  }

  const guarded = async (): Promise<Reloaded> => {
    try {
      return await once();
    } catch (error) {
      return refuse(`${file}: ${messageOf(error)}`);
    }
  };

  return {
    reload() {
      const next = last.then(guarded);
      last = next;
      return next;
    },
  };
}
