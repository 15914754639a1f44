// DNS messages to and from a name server: one to a datagram, or over TCP behind two bytes of length. RFC 1035, section
// 4.2; RFC 7766.

import { createSocket } from "node:dgram";
import { connect } from "node:net";
import type { Exchange, Heard, NameServer } from "./host.ts";

const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.message;

/** Connected, so that the kernel lets in only what comes from that server, and tells when nobody listens there. */
function overUdp({ address, port }: NameServer, question: Uint8Array, heard: Heard): Exchange {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  let open = true;
  const close = (): void => {
    if (open) socket.close();
    open = false;
  };
  const failed = (error: Error): void => {
    if (!open) return;
    close();
    heard.failed(codeOf(error));
  };
  socket.unref();
  socket.on("error", failed);
  socket.on("message", (bytes) => heard.message(bytes));
  socket.on("connect", () => socket.send(question, (error) => error && failed(error)));
  socket.connect(port, address);
  return { close };
}

const LENGTH = 2;

function framed(message: Uint8Array): Buffer {
  const length = Buffer.alloc(LENGTH);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

function overTcp({ address, port }: NameServer, question: Uint8Array, heard: Heard): Exchange {
  const socket = connect({ host: address, port });
  let open = true;
  let got = Buffer.alloc(0);
  const close = (): void => {
    open = false;
    socket.destroy();
  };
  const failed = (code: string): void => {
    if (!open) return;
    close();
    heard.failed(code);
  };
  socket.unref();
  socket.on("connect", () => socket.write(framed(question)));
  socket.on("error", (error) => failed(codeOf(error)));
  socket.on("close", () => failed("ECONNRESET"));
  socket.on("data", (bytes) => {
    got = Buffer.concat([got, bytes]);
    while (open && got.length >= LENGTH && got.length >= LENGTH + got.readUInt16BE()) {
      const end = LENGTH + got.readUInt16BE();
      const message = got.subarray(LENGTH, end);
      got = got.subarray(end);
      heard.message(message);
    }
  });
  return { close };
}

export const askNameServer = (
  protocol: "udp" | "tcp",
  server: NameServer,
  question: Uint8Array,
  heard: Heard,
): Exchange => (protocol === "udp" ? overUdp : overTcp)(server, question, heard);
