// Chooses the engine that captures packets. Without a choice these are packet sockets, or libpcap if there are none.

import type { ShimError } from "../../native-shim/shim.ts";
import type { Host } from "../host/host.ts";
import type { Logger } from "../log/logger.ts";
import { AF_PACKET, SOCK_RAW } from "../sockets/socket-constants.ts";
import type { CaptureEngine } from "./engine.ts";
import { EPCAP, makeEpcapEngine } from "./epcap/epcap.ts";
import { LIBPCAP, loadLibpcapEngine } from "./libpcap.ts";
import type { OwnTraffic } from "./own-traffic.ts";
import type { Pace } from "./pace.ts";
import { makePacketSocketEngine, PACKET_SOCKET } from "./packet-socket.ts";

export type EngineChoice = "auto" | "epcap" | "packet-socket" | "libpcap";

/** Logs once if it falls back to libpcap. Throws a CaptureError if there is no engine. */
export async function chooseEngine(
  choice: EngineChoice,
  host: Host,
  log: Logger,
  own: OwnTraffic,
  pace: Pace,
  loadLibpcap: (host: Host) => Promise<CaptureEngine> = loadLibpcapEngine,
): Promise<CaptureEngine> {
  if (choice === EPCAP) return makeEpcapEngine(host, own, pace);
  if (choice === PACKET_SOCKET) return makePacketSocketEngine(host, own, pace);
  if (choice === LIBPCAP) return loadLibpcap(host);
  const obstacle = obstacleToPacketSockets(host);
  if (obstacle === undefined || PERMISSION.has(obstacle.code)) return makePacketSocketEngine(host, own, pace);
  return loadLibpcap(host).then(
    (engine) => {
      log.warn(`${PACKET_SOCKET}: ${obstacle.message}; using ${LIBPCAP} instead, which samples outside the kernel`);
      return engine;
    },
    (error: Error) => {
      // Keeps this engine although it fails: each tap then reports the reason.
      log.warn(`${PACKET_SOCKET}: ${obstacle.message}; and ${error.message}`);
      return makePacketSocketEngine(host, own, pace);
    },
  );
}

/** Codes of errors that mean a missing permission. The error of libpcap does not say which permission is missing. */
const PERMISSION: ReadonlySet<string> = new Set(["EPERM", "EACCES"]);

function obstacleToPacketSockets({ sockets }: Host): ShimError | undefined {
  try {
    sockets.close(sockets.socket(AF_PACKET, SOCK_RAW, 0));
    return undefined;
  } catch (error) {
    return error as ShimError;
  }
}
