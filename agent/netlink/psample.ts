// Packet samples of the kernel's psample channel. See linux/psample.h and linux/genetlink.h.

import { bytesOf, eachAttribute, unsigned, unsigned64 } from "./attribute.ts";
import { GENERIC_HEADER_BYTES, readCommand } from "./generic.ts";
import { LITTLE_ENDIAN, type Message } from "./message.ts";

/** The family of generic netlink, and its multicast group that carries samples. */
export const PSAMPLE_FAMILY = "psample";
export const PSAMPLE_PACKETS = "packets";

/** Size of the longest message: 64 KiB of packet, and the other attributes. */
export const PSAMPLE_MESSAGE_BYTES = 65_536 + 1024;

/** PSAMPLE_CMD_SAMPLE. The other commands are about groups of samples. */
const SAMPLE = 0;

/**
 * The PSAMPLE_ATTR_* that are read. 7 is the users of a group, 8 the tunnel; some copies of the header swap the two.
 */
const Attribute = {
  input: 0,
  output: 1,
  originalLength: 2,
  group: 3,
  sequence: 4,
  rate: 5,
  data: 6,
  tunnel: 8,
  queue: 10,
  queueDepth: 11,
  latency: 12,
  timestamp: 13,
  protocol: 14,
  probability: 16,
} as const;

/** The PSAMPLE_TUNNEL_KEY_ATTR_* that are read. */
const TunnelAttribute = {
  identifier: 0,
  ipv4Source: 1,
  ipv4Destination: 2,
  typeOfService: 3,
  sourcePort: 9,
  destinationPort: 10,
  ipv6Source: 12,
  ipv6Destination: 13,
} as const;

/** The rate that means certainty, if rates are probabilities. */
const CERTAIN = 0xffff_ffff;

/** The outer headers of a packet that leaves or enters a tunnel. */
export interface TunnelKey {
  /** The identifier, such as a VNI or a GRE key; undefined if the tunnel has none. */
  identifier: number | undefined;
  /** The outer addresses, 4 or 16 bytes each. */
  source: Uint8Array;
  destination: Uint8Array;
  typeOfService: number;
  /** The outer ports; 0 if unknown. */
  sourcePort: number;
  destinationPort: number;
}

/**
 * Reads one sample after another into this object. A value that the kernel did not send is -1, if not stated otherwise.
 */
export class PsampleReader {
  /** The ifIndex of input and output; 0 if unknown. The kernel sends 16 bits; other users of the channel send 32. */
  input = 0;
  output = 0;
  /** Length of the packet in bytes. The sample may have fewer. */
  originalLength = 0;
  group = -1;
  sequence = -1;
  /** N of 1-in-N; 0 if unknown. If the kernel sends a probability, the nearest N. */
  samplingRate = 0;
  /** The packet is `dataLength` bytes of the message's view at `dataAt`. */
  dataAt = 0;
  dataLength = 0;
  /** EtherType of the packet; 0 if unknown. */
  protocol = 0;
  /** Output queue, and its depth in bytes. */
  queue = -1;
  queueDepth = -1;
  /** Nanoseconds between input and output of the packet. */
  latency = -1;
  /** Time of the packet since the UNIX epoch; seconds are 0 if unknown. */
  seconds = 0;
  nanoseconds = 0;
  tunnel: TunnelKey | undefined;
  #rate = 0;
  #probability = false;
  #view: DataView = new DataView(new ArrayBuffer(0));

  /** Reads a message. Returns true if it is a sample. Then `complete` tells whether the sample can be used. */
  read(message: Message): boolean {
    if (readCommand(message) !== SAMPLE) return false;
    this.#clear();
    this.#view = message.view;
    eachAttribute(message.view, message.start + GENERIC_HEADER_BYTES, message.end, this.#visit);
    this.samplingRate = this.#probability ? rateOfProbability(this.#rate) : this.#rate;
    return true;
  }

  /** False if the message lacks an attribute that every sample has, so the message is damaged. */
  get complete(): boolean {
    return this.group >= 0 && this.samplingRate > 0 && this.dataLength > 0 && this.originalLength > 0;
  }

  #clear(): void {
    this.input = 0;
    this.output = 0;
    this.originalLength = 0;
    this.group = -1;
    this.sequence = -1;
    this.dataLength = 0;
    this.protocol = 0;
    this.queue = -1;
    this.queueDepth = -1;
    this.latency = -1;
    this.seconds = 0;
    this.nanoseconds = 0;
    this.tunnel = undefined;
    this.#rate = 0;
    this.#probability = false;
  }

  /** The visitor of attributes. All messages share it, so that no closure is made for each message. */
  readonly #visit = (type: number, at: number, length: number): void => {
    const view = this.#view;
    if (type === Attribute.input) this.input = unsigned(view, at, length);
    else if (type === Attribute.output) this.output = unsigned(view, at, length);
    else if (type === Attribute.originalLength) this.originalLength = unsigned(view, at, length);
    else if (type === Attribute.group && length >= 4) this.group = unsigned(view, at, length);
    else if (type === Attribute.sequence && length >= 4) this.sequence = unsigned(view, at, length);
    else if (type === Attribute.rate) this.#rate = unsigned(view, at, length);
    else if (type === Attribute.protocol) this.protocol = unsigned(view, at, length);
    else if (type === Attribute.queue && length >= 2) this.queue = unsigned(view, at, length);
    else if (type === Attribute.probability) this.#probability = true;
    else if (type === Attribute.tunnel) this.tunnel = readTunnel(view, at, length);
    else if (type === Attribute.data) {
      this.dataAt = at;
      this.dataLength = length;
    } else if (length >= 8) this.#visitWide(type, at);
  };

  #visitWide(type: number, at: number): void {
    if (type === Attribute.queueDepth) this.queueDepth = unsigned64(this.#view, at);
    else if (type === Attribute.latency) this.latency = unsigned64(this.#view, at);
    else if (type === Attribute.timestamp) this.#readTime(at);
  }

  /** Reads the time. Nanoseconds since the epoch exceed 2^53, so divides them 16 bits at a time, each step exact. */
  #readTime(at: number): void {
    let seconds = 0;
    let rest = 0;
    for (let i = 0; i < 4; i++) {
      const digit = this.#view.getUint16(at + 2 * (LITTLE_ENDIAN ? 3 - i : i), LITTLE_ENDIAN);
      const value = rest * 0x1_0000 + digit;
      const quotient = Math.floor(value / 1e9);
      rest = value - quotient * 1e9;
      seconds = seconds * 0x1_0000 + quotient;
    }
    this.seconds = seconds;
    this.nanoseconds = rest;
  }
}

/**
 * Returns the nearest N of 1-in-N for a probability in units of 2^-32: 1 from two thirds on, 0 for a probability of 0.
 */
const rateOfProbability = (value: number): number => (value === 0 ? 0 : Math.max(1, Math.round(CERTAIN / value)));

function readTunnel(view: DataView, start: number, size: number): TunnelKey | undefined {
  const none = new Uint8Array(0);
  const key: TunnelKey = {
    identifier: undefined,
    source: none,
    destination: none,
    typeOfService: 0,
    sourcePort: 0,
    destinationPort: 0,
  };
  eachAttribute(view, start, start + size, (type, at, length) => {
    if (type === TunnelAttribute.identifier && length >= 8) key.identifier = view.getUint32(at + 4);
    else if (type === TunnelAttribute.typeOfService && length >= 1) key.typeOfService = view.getUint8(at);
    else if (type === TunnelAttribute.sourcePort && length >= 2) key.sourcePort = view.getUint16(at);
    else if (type === TunnelAttribute.destinationPort && length >= 2) key.destinationPort = view.getUint16(at);
    else if (isAddress(type, length)) {
      const isSource = type === TunnelAttribute.ipv4Source || type === TunnelAttribute.ipv6Source;
      key[isSource ? "source" : "destination"] = bytesOf(view, at, length);
    }
  });
  return key.destination.length === 0 && key.source.length === 0 ? undefined : key;
}

function isAddress(type: number, length: number): boolean {
  if (type === TunnelAttribute.ipv4Source || type === TunnelAttribute.ipv4Destination) return length === 4;
  return (type === TunnelAttribute.ipv6Source || type === TunnelAttribute.ipv6Destination) && length === 16;
}
