// `hsflowd decode [FILE|-]`: prints datagrams from a pcap file, from hex digits or from the network, with the keys of
// sflowtool or as lines of JSON.

import { resolve } from "node:path";
import { PcapFileError } from "../capture/pcap-file.ts";
import { complain, print } from "../cli/output.ts";
import type { DecodeOptions } from "../cli/parse-arguments.ts";
import type { Files } from "../host/host.ts";
import { whyUnreadable } from "../host/why-unreadable.ts";
import { linesText } from "../text/printable.ts";
import { eachCaptured, isCapture } from "./decode/captured.ts";
import { datagramsOfHex } from "./decode/hex.ts";
import { type Listen, listenUdp } from "./decode/listen.ts";
import { makeSession, type Output, type Session } from "./decode/session.ts";

export interface DecodeIo extends Output {
  readonly files: Pick<Files, "readBytes" | "exists">;
  stdin(): Promise<Uint8Array>;
  readonly listen: Listen;
  /** Aborted to stop listening. */
  readonly stop: AbortSignal;
}

/** Returns the exit code: 0 if all datagrams were well-formed, 1 if one was damaged or there was no datagram. */
export async function decodeCommand(options: DecodeOptions, io: DecodeIo): Promise<number> {
  const session = makeSession(options, io);
  if (options.file === undefined) return listen(options, session, io);
  const bytes = await contents(options.file, io);
  if (bytes === undefined) return fail(io, `${options.file}: ${whyUnreadable(io.files, options.file)}`);
  return read(bytes, options, session, io);
}

function fail({ complain }: Output, message: string): number {
  complain(linesText([message]));
  return 1;
}

const contents = async (file: string, { files, stdin }: DecodeIo): Promise<Uint8Array | undefined> =>
  file === "-" ? stdin() : files.readBytes(resolve(file));

function read(bytes: Uint8Array, { file, port }: DecodeOptions, session: Session, io: DecodeIo): number {
  if (isCapture(bytes)) return readCapture(bytes, `${file}`, port, session, io);
  const unknown = { source: undefined, seconds: undefined, microseconds: undefined };
  const datagrams = isDatagram(bytes) ? [bytes] : datagramsOfHex(new TextDecoder("latin1").decode(bytes));
  if (datagrams === undefined) return fail(io, `${file}: not a pcap file, a datagram or hex digits`);
  for (const datagram of datagrams) session.take(datagram, unknown);
  return session.finish(`${file}: empty`);
}

/** Tells whether the input is one raw datagram, not text. A datagram begins with its version, 00 00 00 05. */
const isDatagram = (bytes: Uint8Array): boolean => bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 0;

function readCapture(bytes: Uint8Array, file: string, port: number, session: Session, io: Output): number {
  try {
    eachCaptured(bytes, port, session.take);
  } catch (error) {
    if (!(error instanceof PcapFileError)) throw error;
    return fail(io, `${file}: ${error.message}`);
  }
  return session.finish(`${file}: no packet of UDP port ${port}: choose another port with --port`);
}

async function listen(options: DecodeOptions, session: Session, io: DecodeIo): Promise<number> {
  const at = endpoint(options.listen, options.port);
  if (at === undefined) return fail(io, `--listen expects ADDRESS, PORT or ADDRESS:PORT, not "${options.listen}"`);
  const socket = await io.listen(at.address, at.port, session.take).catch((error: Error) => error);
  if (socket instanceof Error) return fail(io, `UDP port ${at.port}: ${socket.message}`);
  io.complain(linesText([`listening on UDP port ${socket.port}`]));
  await aborted(io.stop);
  await socket.close();
  return session.finish("no datagram arrived");
}

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });

interface Endpoint {
  readonly address: string | undefined;
  readonly port: number;
}

/** Parses the argument of --listen; undefined if the port is invalid. An IPv6 address with a port is in brackets. */
function endpoint(text: string | undefined, port: number): Endpoint | undefined {
  if (text === undefined) return { address: undefined, port };
  const match = /^(?:\[(.+)\]|([^:]*[^:\d][^:]*))?:?(\d+)?$/.exec(text);
  if (match === null) return { address: text, port };
  const [, bracketed, plain, digits] = match;
  const number = digits === undefined ? port : Number(digits);
  return number > 0xffff ? undefined : { address: bracketed ?? plain, port: number };
}

/** Returns the standard streams and the network of this process. Stops at a signal, or when the reader has exited. */
export function processIo(files: DecodeIo["files"]): DecodeIo {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  process.stdout.on("error", () => stop.abort());
  return {
    files,
    stdin: readStdin,
    listen: listenUdp,
    out: print,
    complain,
    stop: stop.signal,
  };
}

async function readStdin(): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of process.stdin) parts.push(part as Uint8Array);
  return new Uint8Array(Buffer.concat(parts));
}
