// A unix socket as a killed process leaves it: a file, and nobody behind it.

import { renameSync } from "node:fs";
import { createServer } from "node:net";

export async function leaveSocket(path: string): Promise<void> {
  const server = createServer();
  const other = `${path}.other`;
  await new Promise<void>((resolve) => void server.listen(other, resolve));
  // What Node takes away when it closes is the name it knows.
  renameSync(other, path);
  await new Promise<void>((resolve) => void server.close(() => resolve()));
}
