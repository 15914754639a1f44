// Finds and loads the addon, and gives it the shape of Shim. Node-API, one binary for every Node version.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Layout, ReceiveBatch, Shim, Watch } from "./shim.ts";

/** What the addon exports; Shim with the arguments that C finds convenient. */
interface Addon extends Omit<Shim, "receive" | "watch" | "layout"> {
  readonly layout: Layout;
  receive(fd: number, words: Uint32Array, bytes: Uint8Array, slots: number, stride: number): number;
  watch(fd: number, onReadable: () => void): number;
  unwatch(ticket: number): void;
}

/** Beside the bundle, and where `npm run build` leaves it for the sources. */
const PLACES = ["./shim.node", "./build/shim.node", "../dist/shim.node"];

function loadAddon(): Addon {
  const require = createRequire(import.meta.url);
  const failures: string[] = [];
  for (const place of PLACES) {
    try {
      return require(place) as Addon;
    } catch (error) {
      const reason = (error as Error).message.split("\n")[0];
      failures.push(`${fileURLToPath(new URL(place, import.meta.url))}: ${reason}`);
    }
  }
  throw new Error(
    `native shim not loaded for ${process.arch}; build it with "npm run build" or install the package of this architecture\n  ${failures.join("\n  ")}`,
  );
}

/** Throws an error that names the places searched and the remedy. */
export function loadShim(): Shim {
  const addon = loadAddon();
  return {
    ...addon,
    receive: (fd: number, batch: ReceiveBatch): number =>
      addon.receive(fd, batch.words, batch.bytes, batch.slots, batch.stride),
    watch(fd: number, onReadable: () => void): Watch {
      const ticket = addon.watch(fd, onReadable);
      return { close: () => addon.unwatch(ticket) };
    },
  };
}
