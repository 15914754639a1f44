// Creates a unix socket as a killed process leaves it: a file without a listener.

import { renameSync } from "node:fs";
import { createServer } from "node:net";

export async function leaveSocket(path: string): Promise<void> {
  const server = createServer();
  const other = `${path}.other`;
  await new Promise<void>((resolve) => void server.listen(other, resolve));
  // On close, Node removes only the name that it knows.
  renameSync(other, path);
  await new Promise<void>((resolve) => void server.close(() => resolve()));
}
