// One stack of headers, as offsets into the frame: Ethernet, IP, transport. The object is reused for each packet.

/** Largest number of extension headers of IPv6. RFC 8200 allows each kind once, and destination options twice. */
export const MOST_EXTENSIONS = 8;

/** The headers. An offset or value is -1 if the frame does not have it, or was truncated before it. */
export interface Layers {
  /** Offset of the 14-byte Ethernet header: destination MAC, source MAC. */
  ethernet: number;
  /** Offset of an 802.11 header. */
  ieee80211: number;
  /** EtherType of the frame, after tags and SNAP. */
  frameType: number;
  /** Organisation code of SNAP, if it is that of a vendor. */
  organisation: number;
  /** Offset and number of MPLS labels. */
  mpls: number;
  labels: number;
  /** EtherType of the payload, after tags, SNAP, PPPoE and MPLS; -1 if the frame has none. */
  etherType: number;
  /** Number of 802.1Q and 802.1ad tags, and the tag control information of the outermost. */
  tags: number;
  vlanTci: number;
  ip: number;
  /** 4 or 6; 0 if the packet is not IP. */
  ipVersion: number;
  /** Numbers of the extension headers of IPv6, of which the first `extensionCount` are valid. */
  readonly extensions: Uint8Array;
  extensionCount: number;
  /** Upper-layer protocol, after IPv6 extension headers. */
  protocol: number;
  /** Offsets of the addresses, 4 or 16 bytes by `ipVersion`. */
  source: number;
  destination: number;
  /** True for a fragment other than the first, which has no transport header. */
  laterFragment: boolean;
  /** Offset of the header that says how the packet is part of a larger one: IPv4, or the fragment header of IPv6. */
  fragment: number;
  transport: number;
  /** Ports of TCP, UDP, SCTP, DCCP and UDP-Lite. */
  sourcePort: number;
  destinationPort: number;
  /** The flag byte of TCP. */
  tcpFlags: number;
  /** Offset of the first byte after a known transport header. */
  payload: number;
}

export const makeLayers = (): Layers => ({
  ethernet: -1,
  ieee80211: -1,
  frameType: -1,
  organisation: -1,
  mpls: -1,
  labels: 0,
  etherType: -1,
  tags: 0,
  vlanTci: -1,
  ip: -1,
  ipVersion: 0,
  extensions: new Uint8Array(MOST_EXTENSIONS + 1),
  extensionCount: 0,
  protocol: -1,
  source: -1,
  destination: -1,
  laterFragment: false,
  fragment: -1,
  transport: -1,
  sourcePort: -1,
  destinationPort: -1,
  tcpFlags: -1,
  payload: -1,
});

export function clearLayers(layers: Layers): void {
  layers.ethernet = -1;
  layers.ieee80211 = -1;
  layers.frameType = -1;
  layers.organisation = -1;
  layers.mpls = -1;
  layers.labels = 0;
  layers.etherType = -1;
  layers.tags = 0;
  layers.vlanTci = -1;
  layers.ip = -1;
  layers.ipVersion = 0;
  layers.extensionCount = 0;
  layers.protocol = -1;
  layers.source = -1;
  layers.destination = -1;
  layers.laterFragment = false;
  layers.fragment = -1;
  layers.transport = -1;
  layers.sourcePort = -1;
  layers.destinationPort = -1;
  layers.tcpFlags = -1;
  layers.payload = -1;
}
