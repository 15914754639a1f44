// A page of text for whoever on this host asks by HTTP: on a unix socket, or on a port of the loopback. RFC 9112.

import { createServer, type Server } from "node:http";
import type { Page, PageAddress, ServedPage } from "./host.ts";
import { listening, listeningAt } from "./linux-unix.ts";

const MILLISECONDS_TO_ASK = 5000;
const CONNECTIONS = 32;

function makeServer(page: () => Promise<Page>): Server {
  const server = createServer((request, response) => {
    const send = (status: number, { type, text }: Page): void => {
      response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) }).end(text);
    };
    const known = request.url === "/metrics" || request.url === "/";
    if (known && request.method === "GET") {
      page().then(
        (made) => send(200, made),
        (error) => send(500, { type: "text/plain; charset=utf-8", text: `${error}\n` }),
      );
    } else response.writeHead(known ? 405 : 404).end();
  });
  server.maxConnections = CONNECTIONS;
  server.requestTimeout = MILLISECONDS_TO_ASK;
  server.headersTimeout = MILLISECONDS_TO_ASK;
  return server;
}

/**
 * Rejects with the system's error, or with what is in the way. Anybody on this host may read: it is numbers, and no
 * address to attack.
 */
export async function servePage(address: PageAddress, page: () => Promise<Page>): Promise<ServedPage> {
  const server = makeServer(page);
  const { path, port } = address;
  if (path === undefined) await listening(server, () => server.listen(port, "127.0.0.1"));
  else await listeningAt(path, server, () => server.listen({ path, readableAll: true, writableAll: true }));
  server.unref();
  return {
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
