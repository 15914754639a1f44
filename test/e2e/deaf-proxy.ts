// A proxy in front of an engine whose streams of events can be made silent: open, but without events.

import { chmodSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";

export interface DeafProxy {
  /** The value of the option `socket`. */
  readonly address: string;
  /** From here on, the streams that are open now deliver nothing. Later ones do. */
  deafen(): void;
  close(): void;
}

export async function startDeafProxy(path: string, engine: string): Promise<DeafProxy> {
  const open = new Set<Socket>();
  const deaf = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(engine.replace("unix://", ""));
    open.add(client);
    client.on("data", (bytes) => {
      if (bytes.includes("GET /events")) streams.add(client);
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => void (deaf.has(client) || client.write(bytes)));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on("error", () => undefined).on("close", () => other.destroy());
    }
    client.on("close", () => open.delete(client));
  });
  const streams = new Set<Socket>();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  chmodSync(path, 0o666);
  return {
    address: `unix://${path}`,
    deafen() {
      for (const stream of streams) deaf.add(stream);
    },
    close() {
      for (const client of open) client.destroy();
      server.close();
    },
  };
}
