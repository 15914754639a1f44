// Tests whether datagrams reach a collector: sends one without samples, and reads ICMP errors. udp(7), icmp(7).

import { errnoName } from "../../../native-shim/errno.ts";
import { isLinkLocal, parseAddress } from "../../config/address.ts";
import type { Host } from "../../host/host.ts";
import type { Interfaces } from "../../interfaces/adaptor.ts";
import { parseIntOption } from "../../sockets/socket-address.ts";
import { SO_ERROR, SOL_SOCKET } from "../../sockets/socket-constants.ts";
import type { ProbeReport, ProbeView } from "../module.ts";
import { collectorName } from "./collector-name.ts";
import type { CollectorConfig } from "./config.ts";
import { describeErrno } from "./refusal.ts";
import { listenForRefusals, type Refusals } from "./refusals.ts";
import { namespacePath, openUdpSocket } from "./udp-socket.ts";

/** Milliseconds to wait for a refusal, which takes one round trip. A failing neighbour look-up takes longer. */
const WAIT_MS = 300;
const POLL_MS = 50;
/** Wait beside an agent that sends all the time, because a host sends refusals only once a second. */
const WAIT_AMONG_OTHERS_MS = 1300;

/**
 * Makes a datagram of version 5 without samples, from agent 0.0.0.0. It has a sub-agent of its own, so that collectors
 * see no gap in the agent's sequence numbers. sFlow v5, section 5 "sample_datagram".
 */
function emptyDatagram(): Uint8Array {
  const bytes = new Uint8Array(28);
  const fields = new DataView(bytes.buffer);
  fields.setUint32(0, 5);
  fields.setUint32(4, 1);
  fields.setUint32(12, 0xffff_ffff);
  return bytes;
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Returns the name of the errno of a refusal; undefined if none came in time, which with UDP counts as success. */
async function answerTo({ sockets }: Host, fd: number, refusals: Refusals | undefined): Promise<string | undefined> {
  const bytes = emptyDatagram();
  const sent = sockets.send(fd, bytes, Uint32Array.of(0), Uint32Array.of(bytes.length), 0, 1);
  if (sent < 0) return errnoName(sent);
  const wait = refusals === undefined ? WAIT_MS : WAIT_AMONG_OTHERS_MS;
  for (let waited = 0; waited < wait; waited += POLL_MS) {
    const errno = parseIntOption(sockets.getOption(fd, SOL_SOCKET, SO_ERROR, 4));
    const refusal = errno === 0 ? refusals?.next() : errnoName(-errno);
    if (refusal !== undefined) return refusal;
    await pause(POLL_MS);
  }
  return undefined;
}

async function addressOf(host: Host, { ip, addresses = [ip] }: CollectorConfig): Promise<Uint8Array> {
  const numeric = parseAddress(addresses[0]?.split("%")[0] ?? "");
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

/** Returns a hint at interfaces that are up but have no link; empty if there are none. */
function linkHint(interfaces: Interfaces): string {
  const idle = interfaces.all().filter(({ adminUp, operUp, loopback }) => adminUp && !operUp && !loopback);
  return idle.length === 0 ? "" : `; or check the cable of ${idle.map(({ name }) => name).join(", ")}: up, but no link`;
}

/** Returns a command or a setting that helps against an errno. */
function remedyFor(error: string, { ip, dev }: CollectorConfig, interfaces: Interfaces): string | undefined {
  const address = parseAddress(ip);
  switch (error) {
    case "ENETUNREACH":
      return `run ip route get ${ip}, then ip route add ${ip} via GATEWAY${linkHint(interfaces)}`;
    case "EHOSTUNREACH":
      return `ip route get ${ip} shows the next hop, ip neigh shows whether it answers${linkHint(interfaces)}`;
    case "EPERM":
      return "iptables -vnL OUTPUT or nft list ruleset shows the rule";
    case "EACCES":
      return "use the address of a host";
    case "EINVAL":
      return address !== undefined && isLinkLocal(address) && dev === undefined
        ? `a link-local address needs its interface: collector { ip=${ip} dev=INTERFACE }`
        : undefined;
    default:
      return undefined;
  }
}

function explain(error: string, config: CollectorConfig, interfaces: Interfaces): string {
  const { udpport, namespace } = config;
  if (error === "ECONNREFUSED")
    return `nothing is listening on port ${udpport} there; start the collector, or correct udpport`;
  if (error === "ENOENT" && namespace !== undefined)
    return `there is no network namespace ${namespace}; run ip netns add ${namespace}, or correct the name`;
  const remedy = remedyFor(error, config, interfaces);
  return `${describeErrno(error)}${remedy === undefined ? "" : `; ${remedy}`}`;
}

/**
 * Returns why datagrams do not arrive, as far as this host can tell, with a remedy after a semicolon; undefined if
 * nothing is wrong. `busy`: the agent sends to this collector several times a second.
 */
async function obstacleTo(
  host: Host,
  interfaces: Interfaces,
  config: CollectorConfig,
  busy: boolean,
): Promise<string | undefined> {
  const { sockets } = host;
  const { namespace, udpport } = config;
  try {
    const address = await addressOf(host, config);
    const { fd, to } = openUdpSocket(address, { sockets, interfaces, config });
    const where = namespace === undefined ? undefined : namespacePath(namespace);
    const refusals = busy ? listenForRefusals(sockets, address, udpport, where) : undefined;
    try {
      sockets.connect(fd, to);
      const error = await answerTo(host, fd, refusals);
      return error === undefined ? undefined : explain(error, config, interfaces);
    } finally {
      refusals?.close();
      sockets.close(fd);
    }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === undefined ? message : explain(code, config, interfaces);
  }
}

/** Tries every collector at the same time. */
export const probe = (
  configs: readonly CollectorConfig[],
  { host, interfaces, isBusy }: ProbeView,
): Promise<readonly ProbeReport[]> =>
  Promise.all(
    configs.map(async (config) => {
      const name = collectorName(config);
      return { name, obstacle: await obstacleTo(host, interfaces, config, isBusy(name)) };
    }),
  );
