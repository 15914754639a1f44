// `hsflowd decode [FILE|-]`: prints datagrams from a pcap file, from hex digits or from the network, with the keys of
// sflowtool or as lines of JSON.

import { resolve } from "node:path";
import { addAbortSignal } from "node:stream";
import { complain, PacedOutput } from "../cli/output.ts";
import type { DecodeOptions } from "../cli/parse-arguments.ts";
import type { Files } from "../host/host.ts";
import { whyUnreadable } from "../host/why-unreadable.ts";
import { linesText } from "../text/printable.ts";
import type { Take } from "./decode/captured.ts";
import { readInput } from "./decode/input.ts";
import { type Listen, listenUdp } from "./decode/listen.ts";
import { type Output, Session } from "./decode/session.ts";

export interface DecodeIo extends Output {
  readonly files: Pick<Files, "stream" | "exists">;
  stdin(): AsyncIterable<Uint8Array>;
  readonly listen: Listen;
  /** Aborted to stop listening or reading. */
  readonly stop: AbortSignal;
}

/** The reason to stop if nobody reads the output any more, as behind `| head`. */
const READER_GONE = "the reader of the output is gone";

/** Returns the exit code: 0 if all datagrams were well-formed, 1 if one was damaged or there was no datagram. */
export async function decodeCommand(options: DecodeOptions, io: DecodeIo): Promise<number> {
  const { file, port } = options;
  if (file === undefined) return listen(options, new Session(options, io), io);
  const input = file === "-" ? io.stdin() : io.files.stream(resolve(file));
  if (input === undefined) return fail(io, `${file}: ${whyUnreadable(io.files, file)}`);
  const session = new Session(options, io, file);
  const nothing = await readInput(input, port, session, io.stop);
  if (io.stop.reason === READER_GONE) return 0;
  return session.finish(`${file}: ${nothing}`);
}

function fail({ complain }: Output, message: string): number {
  complain(linesText([message]));
  return 1;
}

async function listen(options: DecodeOptions, session: Session, io: DecodeIo): Promise<number> {
  const at = endpoint(options.listen, options.port);
  if (at === undefined) return fail(io, `--listen expects ADDRESS, PORT or ADDRESS:PORT, not "${options.listen}"`);
  const take: Take = (bytes, origin) => session.takeLive(bytes, origin);
  const socket = await io.listen(at.address, at.port, take).catch((error: Error) => error);
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
  const output = new PacedOutput();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  process.stdout.on("error", () => stop.abort(READER_GONE));
  return {
    files,
    stdin: () => addAbortSignal(stop.signal, process.stdin),
    listen: listenUdp,
    out: (chunk) => output.write(chunk),
    get behind() {
      return output.behind;
    },
    complain,
    stop: stop.signal,
  };
}
