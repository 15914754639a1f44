// Finds and loads the compiled addon: beside the bundle, or where the tests build it.

import { createRequire } from "node:module";
import type { Addon } from "./addon.ts";
import { makeShim } from "./make-shim.ts";
import type { Shim } from "./shim.ts";

const PLACES = ["./shim.node", "./build/shim.node"];

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);

function loadAddon(from: string, places: readonly string[]): Addon {
  const require = createRequire(from);
  for (const place of places) {
    try {
      return require(place) as Addon;
    } catch (error) {
      if (codeOf(error) === "MODULE_NOT_FOUND") continue;
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `shim.node does not load on ${process.arch}: ${reason}; install the package made for this machine, or run npm run build`,
        { cause: error },
      );
    }
  }
  throw new Error(`shim.node is missing beside ${from}; reinstall the package, or run npm run build`);
}

/** Loads the addon. If it is missing or was made for another machine, throws an error that says what to do. */
export const loadShim = (from: string = import.meta.url, places: readonly string[] = PLACES): Shim =>
  makeShim(loadAddon(from, places));
