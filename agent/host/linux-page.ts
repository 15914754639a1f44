// Serves a page of text by HTTP on a unix socket or on a TCP port. See RFC 9112, and RFC 6750 for the token.

import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { Page, PageAddress, ServedPage } from "./host.ts";
import { Connections } from "./linux-connections.ts";
import { listening, listeningAt } from "./linux-unix.ts";

/** Longest time in milliseconds for a client to send its request, and to take the page. */
const DEADLINE = 5000;

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Compares in a time that says nothing about the token. */
const isAllowed = (authorization: string | undefined, token: string | undefined): boolean =>
  token === undefined || timingSafeEqual(digest(authorization ?? ""), digest(`Bearer ${token}`));

function makeServer(page: () => Promise<Page>, token: string | undefined): Server {
  const connections = new Connections(DEADLINE);
  const server = createServer((request, response) => {
    connections.answer(request.socket);
    const send = (status: number, { type, text }: Page): void => {
      connections.wait(request.socket);
      response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) }).end(text);
    };
    const known = request.url === "/metrics" || request.url === "/";
    if (!isAllowed(request.headers.authorization, token)) {
      connections.wait(request.socket);
      response.writeHead(401, { "www-authenticate": "Bearer" }).end();
    } else if (known && request.method === "GET") {
      page().then(
        (made) => send(200, made),
        (error) => send(500, { type: "text/plain; charset=utf-8", text: `${error}\n` }),
      );
    } else {
      connections.wait(request.socket);
      response.writeHead(known ? 405 : 404).end();
    }
  });
  return server.on("connection", (socket) => connections.add(socket));
}

/**
 * Starts to serve. Rejects with the error of the system, or says by what the socket is occupied. Every user of this
 * host may read the page of a unix socket, because it contains only numbers.
 */
export async function servePage(address: PageAddress, page: () => Promise<Page>, token?: string): Promise<ServedPage> {
  const server = makeServer(page, token);
  const { path } = address;
  if (path === undefined) await listening(server, () => server.listen(address.port, address.bind));
  else await listeningAt(path, server, () => server.listen({ path, readableAll: true, writableAll: true }));
  server.unref();
  return {
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
