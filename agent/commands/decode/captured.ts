// Datagrams in captured packets: the payload of UDP packets from or to a port, also in VLANs, under MPLS, in tunnels
// and in fragments.

import { enterLink, NOT_IP } from "../../capture/link-type.ts";
import type { SoftwarePacket } from "../../capture/software-tap.ts";
import { uint16 } from "../../packet/bytes.ts";
import { IpProtocol } from "../../packet/ip.ts";
import type { Layers } from "../../packet/layers.ts";
import { decodePacket, HeaderProtocol, makePacket } from "../../packet/packet.ts";
import { showAddress } from "../../sflow/address.ts";
import { ARPHRD_ETHER } from "../../sockets/socket-constants.ts";
import type { Origin } from "./datagram.ts";
import { FragmentJoiner, type JoinedPacket } from "./fragments.ts";
import { splitDatagrams } from "./split-datagrams.ts";

/** Takes one datagram. `flaw` says why its end is missing. */
export type Take = (bytes: Uint8Array, origin: Origin, flaw?: string) => void;

const UDP_HEADER = 8;
const IPV6_HEADER = 40;
const SNAPLEN = "the capture has only the beginning of the packet; capture with a larger snaplen (tcpdump -s 0)";
const FRAGMENTS = "fragments of the packet are missing in the capture";
const SHORT = "the packet ends before";

type Time = Pick<Origin, "seconds" | "microseconds">;
const NO_TIME: Time = { seconds: undefined, microseconds: undefined };

/** Finds the datagrams in one packet after another. */
export class CapturedDatagrams {
  /** Numbers of packets that could not be read, by the reason. */
  readonly unread = new Map<string, number>();
  readonly #port: number;
  readonly #take: Take;
  readonly #packet = makePacket();
  readonly #joiner = new FragmentJoiner();

  constructor(port: number, take: Take) {
    this.#port = port;
    this.#take = take;
  }

  /** Passes on the datagrams in a packet. Returns true if it is of the port. */
  put(packet: SoftwarePacket, linkType: number): boolean {
    const reason = enterLink(packet, linkType);
    if (reason !== undefined) {
      if (reason !== NOT_IP) this.unread.set(reason, (this.unread.get(reason) ?? 0) + 1);
      return false;
    }
    const { bytes, at, captured, wire, hardwareType, seconds, nanoseconds } = packet;
    const time = seconds === 0 ? NO_TIME : { seconds, microseconds: Math.floor(nanoseconds / 1000) };
    const protocol = hardwareType === ARPHRD_ETHER ? HeaderProtocol.ethernet : HeaderProtocol.ipv4;
    decodePacket(this.#packet, protocol, bytes, at, captured);
    const { outer } = this.#packet;
    if (outer.fragment < 0) return this.#find(bytes, at + captured, time, captured < wire ? SNAPLEN : SHORT);
    const joined = this.#joiner.put(outer, bytes, at + captured, seconds);
    return joined.map((whole) => this.#findJoined(whole, time)).includes(true);
  }

  /**
   * Passes on the beginnings of packets that lack later fragments. Returns the number of packets that lack their first.
   */
  finish(): number {
    for (const joined of this.#joiner.finish()) this.#findJoined(joined, NO_TIME);
    return this.#joiner.headless;
  }

  #findJoined({ bytes, isWhole }: JoinedPacket, time: Time): boolean {
    decodePacket(this.#packet, HeaderProtocol.ipv4, bytes, 0, bytes.length);
    return this.#find(bytes, bytes.length, time, isWhole ? SHORT : FRAGMENTS);
  }

  /** Passes on the datagrams in the decoded packet. `flaw` is the reason if its end is missing. */
  #find(bytes: Uint8Array, end: number, time: Time, flaw: string): boolean {
    const { outer, inner } = this.#packet;
    const layers = [outer, inner].find((each) => isForPort(each, this.#port));
    if (layers === undefined) return false;
    const until = endOfUdp(layers, bytes) ?? end;
    const origin = { source: sourceOf(layers, bytes), ...time };
    const datagrams = splitDatagrams(bytes.subarray(layers.payload, Math.min(until, end)));
    for (const [i, datagram] of datagrams.entries()) {
      const isCut = until > end && i === datagrams.length - 1;
      this.#take(datagram, origin, isCut ? `${until - end} bytes are missing: ${flaw}` : undefined);
    }
    return true;
  }
}

export const isForPort = ({ protocol, payload, sourcePort, destinationPort }: Layers, port: number): boolean =>
  protocol === IpProtocol.udp && payload >= 0 && (destinationPort === port || sourcePort === port);

/**
 * Returns where the payload ends by the length of UDP, without padding of Ethernet. A packet that is too long for that
 * field, or that the card segments, has no length there; then IP tells. Returns undefined if neither does.
 */
function endOfUdp({ ip, ipVersion, transport, payload }: Layers, bytes: Uint8Array): number | undefined {
  const length = uint16(bytes, transport + 4);
  if (length >= UDP_HEADER) return transport + length;
  const end = ipVersion === 4 ? ip + uint16(bytes, ip + 2) : ip + IPV6_HEADER + uint16(bytes, ip + 4);
  return end > payload ? end : undefined;
}

const sourceOf = ({ source, ipVersion }: Layers, bytes: Uint8Array): string =>
  showAddress(bytes.subarray(source, source + (ipVersion === 4 ? 4 : 16)));
