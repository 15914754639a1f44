// Whether datagrams would reach a collector: one without samples is sent, and what comes back is read. udp(7), icmp(7).

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

/** Milliseconds for a refusal to come back: one round trip. Neighbours that do not answer are not waited for. */
const WAIT = 300;
const LOOK_EVERY = 50;
/** The same where the agent sends all the time: who refuses does so once a second. */
const WAIT_AMONG_OTHERS = 1300;

/**
 * Version 5, agent 0.0.0.0, a sub-agent of its own so that no collector finds a gap in the agent's numbers, no samples.
 * sFlow v5, section 5 "sample_datagram".
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

/** The name of the errno of what came back, undefined where nothing did in time: with UDP, silence is consent. */
async function answerTo({ sockets }: Host, fd: number, refusals: Refusals | undefined): Promise<string | undefined> {
  const bytes = emptyDatagram();
  const sent = sockets.send(fd, bytes, Uint32Array.of(0), Uint32Array.of(bytes.length), 0, 1);
  if (sent < 0) return errnoName(sent);
  const wait = refusals === undefined ? WAIT : WAIT_AMONG_OTHERS;
  for (let waited = 0; waited < wait; waited += LOOK_EVERY) {
    const errno = parseIntOption(sockets.getOption(fd, SOL_SOCKET, SO_ERROR, 4));
    const refusal = errno === 0 ? refusals?.next() : errnoName(-errno);
    if (refusal !== undefined) return refusal;
    await pause(LOOK_EVERY);
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
    // Said below, in words.
  }
  throw new Error("the name has no address; correct it, or see to the resolver");
}

/** "see to eth0": what is up, and has nobody at the other end of its cable. */
function seeToLinks(interfaces: Interfaces): string {
  const idle = interfaces.all().filter(({ adminUp, operUp, loopback }) => adminUp && !operUp && !loopback);
  return idle.length === 0 ? "" : `, or see to ${idle.map(({ name }) => name).join(", ")}: up, and without a link`;
}

/** What an operator does about an errno of a datagram, or looks at. */
function remedyFor(error: string, { ip, dev }: CollectorConfig, interfaces: Interfaces): string | undefined {
  const address = parseAddress(ip);
  switch (error) {
    case "ENETUNREACH":
      return `ip route get ${ip} says why; ip route add ${ip} via GATEWAY${seeToLinks(interfaces)}`;
    case "EHOSTUNREACH":
      return `ip route get ${ip} names the next hop, ip neigh show whether it answers${seeToLinks(interfaces)}`;
    case "EPERM":
      return "iptables -vnL OUTPUT, or nft list ruleset, shows the rule";
    case "EACCES":
      return "give the address of a host";
    case "EINVAL":
      return address !== undefined && isLinkLocal(address) && dev === undefined
        ? `a link-local address is one of an interface: collector { ip=${ip} dev=INTERFACE }`
        : undefined;
    default:
      return undefined;
  }
}

function words(error: string, config: CollectorConfig, interfaces: Interfaces): string {
  const { udpport, namespace } = config;
  if (error === "ECONNREFUSED")
    return `nobody listens on port ${udpport} there; start the collector, or correct udpport`;
  if (error === "ENOENT" && namespace !== undefined)
    return `there is no network namespace ${namespace}; ip netns add ${namespace}, or correct it`;
  const remedy = remedyFor(error, config, interfaces);
  return `${describeErrno(error)}${remedy === undefined ? "" : `; ${remedy}`}`;
}

/**
 * Why datagrams do not arrive, as far as this host can tell; undefined where nothing is known to be wrong. `busy`: the
 * agent sends to it several times a second.
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
      return error === undefined ? undefined : words(error, config, interfaces);
    } finally {
      refusals?.close();
      sockets.close(fd);
    }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === undefined ? message : words(code, config, interfaces);
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
