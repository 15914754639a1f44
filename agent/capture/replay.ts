// An engine that plays a capture file instead of listening, for tests and dry runs.

import type { Host } from "../host/host.ts";
import { whyUnreadable } from "../host/why-unreadable.ts";
import { messageOf } from "../log/message-of.ts";
import { CaptureError } from "./capture-error.ts";
import type { CaptureEngine } from "./engine.ts";
import { PcapFile } from "./pcap-file.ts";
import { SoftwareTap } from "./software-tap.ts";

/** Number of packets to read before other work of the agent has its turn. */
const PACKETS_PER_TURN = 1024;

/**
 * Plays the whole file once to every interface, as fast as it can be read. If a tap is opened again on the same
 * interface, it gets no packets. Packets keep the time stamps of the file. `path` is as in Files.
 */
export function makeReplayEngine(host: Pick<Host, "clock" | "files" | "random">, path: string): CaptureEngine {
  const played = new Set<string>();
  return {
    name: "replay",
    open(options, onPackets, onEnd) {
      const file = openFile(host, path);
      const tap = new SoftwareTap(options, host.random, onPackets, () => timer?.cancel());
      let timer = played.has(options.name) ? undefined : host.clock.after(0, play);
      played.add(options.name);

      function play(): void {
        let more = true;
        for (let i = 0; i < PACKETS_PER_TURN && more; i++) {
          more = file.next();
          if (more && tap.draw()) tap.put(file.packet);
        }
        if (more) timer = host.clock.after(0, play);
        else end();
      }

      function end(): void {
        tap.flush();
        tap.close();
        onEnd(`end of ${path}`);
      }

      return tap;
    },
  };
}

function openFile(host: Pick<Host, "files">, path: string): PcapFile {
  const bytes = host.files.readBytes(path);
  if (bytes === undefined) throw new CaptureError("ENOENT", `replay: ${path}: ${whyUnreadable(host.files, path)}`);
  try {
    return new PcapFile(bytes);
  } catch (error) {
    throw new CaptureError("EINVAL", `replay: ${path}: ${messageOf(error)}`);
  }
}
