// An engine that plays a capture file instead of listening, for tests and dry runs.

import type { Host } from "../host/host.ts";
import { whyUnreadable } from "../host/why-unreadable.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { CaptureError } from "./capture-error.ts";
import { captureReader, MAGIC_BYTES } from "./capture-file.ts";
import { CaptureFileError } from "./capture-reader.ts";
import { decompressed, lookAhead, type Pieces } from "./decompress.ts";
import type { CaptureEngine } from "./engine.ts";
import { enterLink } from "./link-type.ts";
import { SoftwareTap } from "./software-tap.ts";

/** Number of packets to read before other work of the agent has its turn. */
const PACKETS_PER_TURN = 1024;

type SomeHost = Pick<Host, "clock" | "files" | "random">;

/**
 * Plays the whole file once to every interface, as fast as it can be read. If a tap is opened again on the same
 * interface, it gets no packets. Packets keep the time stamps of the file. Logs what of the file was not played. `path`
 * is as in Files.
 */
export function makeReplayEngine(host: SomeHost, path: string, log: Logger): CaptureEngine {
  const played = new Set<string>();
  return {
    name: "replay",
    open(options, onPackets, onEnd) {
      const stop = new AbortController();
      const tap = new SoftwareTap(options, host.random, onPackets, () => stop.abort());
      const turn = () => new Promise<void>((done) => host.clock.after(0, done));
      if (!played.has(options.name)) void play(openFile(host, path), tap, turn, stop.signal).then(end);
      played.add(options.name);

      function end(result: Result): void {
        if (stop.signal.aborted) return;
        report(`${options.name}: replay of ${path}`, result, log);
        tap.flush();
        tap.close();
        onEnd(`end of ${path}`);
      }

      return tap;
    },
  };
}

function openFile({ files }: SomeHost, path: string): Pieces {
  const input = files.stream(path);
  if (input === undefined) throw new CaptureError("ENOENT", `replay: ${path}: ${whyUnreadable(files, path)}`);
  return input;
}

interface Result {
  packets: number;
  /** Numbers of packets that cannot be sampled, by the reason. */
  readonly unusable: Map<string, number>;
  /** Why the file was not read to its end. */
  problem: string | undefined;
}

/** Plays the file until its end or until `stop`. Never rejects. */
async function play(input: Pieces, tap: SoftwareTap, turn: () => Promise<void>, stop: AbortSignal): Promise<Result> {
  const result: Result = { packets: 0, unusable: new Map(), problem: undefined };
  try {
    await turn();
    const { head, whole } = await lookAhead(await decompressed(input), MAGIC_BYTES);
    const reader = captureReader(head);
    if (reader === undefined) throw new CaptureFileError("not a pcap or pcapng file");
    for await (const piece of whole) {
      reader.push(piece);
      while (!stop.aborted && reader.next()) {
        const reason = enterLink(reader.packet, reader.packet.linkType);
        if (reason !== undefined) result.unusable.set(reason, (result.unusable.get(reason) ?? 0) + 1);
        else if (tap.draw()) tap.put(reader.packet);
        if (++result.packets % PACKETS_PER_TURN === 0) await turn();
      }
      if (stop.aborted) return result;
    }
    const missing = reader.missing();
    if (missing !== undefined) result.problem = `the capture ends in mid-packet: ${missing}`;
  } catch (error) {
    result.problem = messageOf(error);
  }
  return result;
}

function report(what: string, { packets, unusable, problem }: Result, log: Logger): void {
  const unplayed = [...unusable.values()].reduce((sum, count) => sum + count, 0);
  const reasons = [...unusable].map(([reason, count]) => `${count} ${reason}`);
  if (unplayed > 0) log.warn(`${what}: ${unplayed} of ${packets} packets were not played: ${reasons.join(", ")}`);
  if (problem !== undefined) log.warn(`${what}: stopped after ${packets} packets: ${problem}`);
  if (unplayed === 0 && problem === undefined) log.info(`${what}: all ${packets} packets were played`);
}
