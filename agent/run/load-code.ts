// Loads the code of a block, which lies in a file of its own.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { codeOf } from "../host/error-code.ts";
import { whyUnreadable } from "../host/why-unreadable.ts";
import type { ModuleCode } from "../modules/module.ts";

/**
 * Loads the code of a block. That fails in an agent whose code was moved, replaced or closed to its user since it was
 * started; Node then says no more than that it finds no module.
 */
export async function loadCode(load: () => Promise<ModuleCode<unknown>>): Promise<ModuleCode<unknown>> {
  try {
    return await load();
  } catch (error) {
    const path = isMissing(error) && error.url !== undefined ? fileURLToPath(error.url) : undefined;
    if (path === undefined) throw error;
    const why = whyUnreadable({ exists: existsSync }, path);
    throw new Error(`its code in ${path} was replaced or closed since the start (${why}): restart the agent`, {
      cause: error,
    });
  }
}

const isMissing = (error: unknown): error is Error & { readonly url?: string } =>
  error instanceof Error && codeOf(error) === "ERR_MODULE_NOT_FOUND";
