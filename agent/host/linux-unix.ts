// The listening end of a unix socket: its file may be one that a killed process left, or serve another. unix(7).

import { lstatSync, rmSync } from "node:fs";
import { connect, type Server } from "node:net";

/** `begin` calls server.listen. Rejects with the system's error. */
export function listening(server: Server, begin: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).once("listening", () => {
      server.off("error", reject);
      resolve();
    });
    begin();
  });
}

/** Whether a process listens behind the file. */
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
 * The same at `path`, where a socket that nobody listens on is in the way and nobody's; one that is served belongs to
 * another agent.
 */
export async function listeningAt(path: string, server: Server, begin: () => void): Promise<void> {
  const inTheWay = (what: string) => Object.assign(new Error(`${path}: ${what}`), { code: "EADDRINUSE" });
  try {
    await listening(server, begin);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === false)
      throw inTheWay("another kind of file is in the way");
    if (await isAlive(path)) throw inTheWay("another agent listens there");
    rmSync(path, { force: true });
    await listening(server, begin);
  }
}
