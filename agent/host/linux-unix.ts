// Listens on a unix socket. The file of the socket may be left from a killed process, or be in use. See unix(7).

import { lstatSync } from "node:fs";
import { connect, type Server } from "node:net";
import { dirname } from "node:path";
import { codeOf } from "./error-code.ts";
import { removeFile } from "./linux-replace.ts";
import { inTurn } from "./linux-turn.ts";

/** Resolves when the server listens. `begin` calls server.listen. Rejects with the error of the system. */
export function listening(server: Server, begin: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).once("listening", () => {
      server.off("error", reject);
      resolve();
    });
    begin();
  });
}

/** Tells whether a process listens on the socket. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code !== "ECONNREFUSED" && code !== "ENOENT"));
  });
}

/**
 * Listens at `path`. Replaces a socket without a listener, but not one in use by another agent, nor another file.
 * Agents that start at the same moment do so in turn, so that none removes the new socket of another.
 */
export const listeningAt = (path: string, server: Server, begin: () => void): Promise<void> =>
  inTurn(dirname(path), () => replaceDead(path, server, begin));

async function replaceDead(path: string, server: Server, begin: () => void): Promise<void> {
  const occupied = (what: string) => Object.assign(new Error(`${path}: ${what}`), { code: "EADDRINUSE" });
  try {
    await listening(server, begin);
  } catch (error) {
    if (codeOf(error) !== "EADDRINUSE") throw error;
    if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === false) throw occupied("exists and is not a socket");
    if (await isAlive(path)) throw occupied("another agent is listening on it");
    removeFile(path);
    await listening(server, begin);
  }
}
