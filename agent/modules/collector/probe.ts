// Tests whether datagrams reach a collector: sends one as the agent does, and reads ICMP errors. udp(7), icmp(7).

import { errnoName } from "../../../native-shim/errno.ts";
import { OwnTraffic } from "../../capture/own-traffic.ts";
import { parseAddress } from "../../config/address.ts";
import type { Host } from "../../host/host.ts";
import { intOption, parseIntOption } from "../../sockets/socket-address.ts";
import {
  IP_RECVERR,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_RECVERR,
  SO_ERROR,
  SOL_SOCKET,
} from "../../sockets/socket-constants.ts";
import type { ProbeReport, ProbeView } from "../module.ts";
import { collectorName } from "./collector-name.ts";
import type { CollectorConfig } from "./config.ts";
import { explainFailure, type Failure } from "./explain-failure.ts";
import { losesLong, shortLength } from "./path-size.ts";
import { probeDatagram } from "./probe-datagram.ts";
import { listenForRefusals, type Refusals } from "./refusals.ts";
import { namespacePath, openUdpSocket, type UdpSocket } from "./udp-socket.ts";

/** Milliseconds to wait for a refusal, which takes one round trip. A failing neighbour look-up takes longer. */
const WAIT_MS = 300;
const POLL_MS = 50;
/** Wait beside an agent that sends all the time, because a host sends refusals only once a second. */
const WAIT_AMONG_OTHERS_MS = 1300;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Returns why a datagram failed; undefined if no refusal came in time, which with UDP counts as success. The socket is
 * not connected, like that of the agent, because the source address and the interface may differ then.
 */
async function failureOf(
  { sockets }: Host,
  { fd, to }: UdpSocket,
  bytes: Uint8Array,
  refusals: Refusals | undefined,
): Promise<Failure | undefined> {
  const [level, option] = to.length === 16 ? [IPPROTO_IP, IP_RECVERR] : [IPPROTO_IPV6, IPV6_RECVERR];
  sockets.setOption(fd, level, option, intOption(1));
  const sent = sockets.send(fd, bytes, Uint32Array.of(0), Uint32Array.of(bytes.length), 0, 1, to);
  if (sent < 0) return { error: errnoName(sent), answered: false };
  const wait = refusals === undefined ? WAIT_MS : WAIT_AMONG_OTHERS_MS;
  for (let waited = 0; waited < wait; waited += POLL_MS) {
    const errno = parseIntOption(sockets.getOption(fd, SOL_SOCKET, SO_ERROR, 4));
    const error = errno === 0 ? refusals?.next() : errnoName(-errno);
    if (error !== undefined) return { error, answered: true };
    await pause(POLL_MS);
  }
  return undefined;
}

/** Returns the address that the agent sends to, or the first of the name. */
async function addressOf(host: Host, { ip, addresses = [ip] }: CollectorConfig, used: string | undefined) {
  const numeric = parseAddress(used ?? addresses[0]?.split("%")[0] ?? "");
  if (numeric !== undefined) return numeric;
  try {
    const [first = ""] = await host.resolve(ip);
    const found = parseAddress(first);
    if (found !== undefined) return found;
  } catch {
    // Reported below.
  }
  throw new Error("the name has no address; correct it, or check the resolver");
}

async function tried(config: CollectorConfig, view: ProbeView): Promise<ProbeReport> {
  const { host, interfaces, datagramBytes } = view;
  const { sockets } = host;
  const { namespace, udpport } = config;
  const name = collectorName(config);
  const address = await addressOf(host, config, view.addressInUse(name));
  // The taps of the agent do not know this socket, so they may sample what it sends.
  const parts = { sockets, interfaces, config, ownTraffic: new OwnTraffic() };
  const socket = openUdpSocket(address, parts);
  const where = namespace === undefined ? undefined : namespacePath(namespace);
  const refusals = view.isBusy(name) ? listenForRefusals(sockets, address, udpport, where) : undefined;
  try {
    const failure = await failureOf(host, socket, probeDatagram(datagramBytes), refusals);
    if (failure !== undefined) return { name, obstacle: explainFailure(failure, config, interfaces), loss: undefined };
  } finally {
    refusals?.close();
    sockets.close(socket.fd);
  }
  const short = shortLength(address);
  const { interfaceIndex } = socket;
  const identifier = host.random(65_536);
  const lost =
    datagramBytes > short && (await losesLong(address, parts, { interfaceIndex, length: datagramBytes, identifier }));
  const loss = lost
    ? `datagrams of ${datagramBytes} bytes are lost on the way: it answers echo requests of ${short} bytes, but none ` +
      `of ${datagramBytes}; set datagramBytes = ${short}, or let ICMP errors and fragments pass on the way`
    : undefined;
  return { name, obstacle: undefined, loss };
}

/** Only root may enter a network namespace, so the failure says nothing about the collector. */
const untried = (config: CollectorConfig): ProbeReport => ({
  name: collectorName(config),
  obstacle: undefined,
  untried: `the network namespace ${config.namespace} may be entered by root only`,
  loss: undefined,
});

/** Tries every collector at the same time. */
export const probe = (configs: readonly CollectorConfig[], view: ProbeView): Promise<readonly ProbeReport[]> =>
  Promise.all(
    configs.map(async (config) => {
      try {
        return await tried(config, view);
      } catch (error) {
        const { code, message } = error as { code?: string; message: string };
        if (code === "EPERM" && config.namespace !== undefined) return untried(config);
        const failure = code === undefined ? undefined : { error: code, answered: false };
        const obstacle = failure === undefined ? message : explainFailure(failure, config, view.interfaces);
        return { name: collectorName(config), obstacle, loss: undefined };
      }
    }),
  );
