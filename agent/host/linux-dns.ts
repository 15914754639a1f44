// Exchanges DNS messages with a name server: one message per UDP datagram, or over TCP with two bytes of length before
// each message. See RFC 1035, section 4.2, and RFC 7766.

import { createSocket } from "node:dgram";
import { connect } from "node:net";
import type { DnsListener, Exchange, NameServer } from "./host.ts";

const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.message;

/** Connects the socket, so that the kernel accepts only packets of that server and reports a closed port. */
function overUdp({ address, port }: NameServer, question: Uint8Array, listener: DnsListener): Exchange {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  let open = true;
  const close = (): void => {
    if (open) socket.close();
    open = false;
  };
  const failed = (error: Error): void => {
    if (!open) return;
    close();
    listener.failed(codeOf(error));
  };
  socket.unref();
  socket.on("error", failed);
  socket.on("message", (bytes) => listener.message(bytes));
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

function overTcp({ address, port }: NameServer, question: Uint8Array, listener: DnsListener): Exchange {
  const socket = connect({ host: address, port });
  let open = true;
  let received = Buffer.alloc(0);
  const close = (): void => {
    open = false;
    socket.destroy();
  };
  const failed = (code: string): void => {
    if (!open) return;
    close();
    listener.failed(code);
  };
  socket.unref();
  socket.on("connect", () => socket.write(framed(question)));
  socket.on("error", (error) => failed(codeOf(error)));
  socket.on("close", () => failed("ECONNRESET"));
  socket.on("data", (bytes) => {
    received = Buffer.concat([received, bytes]);
    while (open && received.length >= LENGTH && received.length >= LENGTH + received.readUInt16BE()) {
      const end = LENGTH + received.readUInt16BE();
      const message = received.subarray(LENGTH, end);
      received = received.subarray(end);
      listener.message(message);
    }
  });
  return { close };
}

export const askNameServer = (
  protocol: "udp" | "tcp",
  server: NameServer,
  question: Uint8Array,
  listener: DnsListener,
): Exchange => (protocol === "udp" ? overUdp : overTcp)(server, question, listener);
