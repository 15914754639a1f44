// Which engine takes the packets: packet sockets, or libpcap where they cannot be had.

import type { ShimError } from "../../native-shim/shim.ts";
import type { Host } from "../host/host.ts";
import type { Logger } from "../log/logger.ts";
import { AF_PACKET, SOCK_RAW } from "../sockets/socket-constants.ts";
import type { CaptureEngine } from "./engine.ts";
import { LIBPCAP, loadLibpcapEngine } from "./libpcap.ts";
import { makePacketSocketEngine, PACKET_SOCKET } from "./packet-socket.ts";

export type EngineChoice = "auto" | "packet-socket" | "libpcap";

/** Says once in the log where the choice is not the first one. Throws a CaptureError where there is no engine. */
export async function chooseEngine(
  choice: EngineChoice,
  host: Host,
  log: Logger,
  loadLibpcap: (host: Host) => Promise<CaptureEngine> = loadLibpcapEngine,
): Promise<CaptureEngine> {
  if (choice === PACKET_SOCKET) return makePacketSocketEngine(host);
  if (choice === LIBPCAP) return loadLibpcap(host);
  const obstacle = obstacleToPacketSockets(host);
  if (obstacle === undefined || PERMISSION.has(obstacle.code)) return makePacketSocketEngine(host);
  return loadLibpcap(host).then(
    (engine) => {
      log.warn(
        `${PACKET_SOCKET}: ${obstacle.message}; packets are taken through ${LIBPCAP}, and sampled after the kernel`,
      );
      return engine;
    },
    (error: Error) => {
      // An engine that says what is wrong at every tap is of more use than none.
      log.warn(`${PACKET_SOCKET}: ${obstacle.message}; and ${error.message}`);
      return makePacketSocketEngine(host);
    },
  );
}

/** libpcap opens the same sockets, needs the same permission, and does not say which. */
const PERMISSION: ReadonlySet<string> = new Set(["EPERM", "EACCES"]);

function obstacleToPacketSockets({ sockets }: Host): ShimError | undefined {
  try {
    sockets.close(sockets.socket(AF_PACKET, SOCK_RAW, 0));
    return undefined;
  } catch (error) {
    return error as ShimError;
  }
}
