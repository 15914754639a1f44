// A page of text for whoever on this host asks by HTTP: on a unix socket, or on a port of the loopback. RFC 9112.

import { lstatSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { Page, PageAddress, ServedPage } from "./host.ts";

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

/** A socket that a killed agent left is in the way; anything else of that name is not ours to take away. */
function clear(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true) rmSync(path, { force: true });
}

function listen(server: Server, address: PageAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).once("listening", () => {
      server.off("error", reject);
      resolve();
    });
    if (address.path === undefined) server.listen(address.port, "127.0.0.1");
    else server.listen({ path: address.path, readableAll: true, writableAll: true });
  });
}

/** Rejects with the system's error. Anybody on this host may read: it is numbers, and no address to attack. */
export async function servePage(address: PageAddress, page: () => Promise<Page>): Promise<ServedPage> {
  if (address.path !== undefined) clear(address.path);
  const server = makeServer(page);
  await listen(server, address);
  server.unref();
  return {
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
