// Numbers of the socket interface of Linux, equal on all 64-bit architectures of Node. See sys/socket.h and linux/*.h.

/** Address families, which netlink/message.ts defines, because messages carry them too. */
export { AF_INET, AF_INET6, AF_UNSPEC } from "../netlink/message.ts";

export const AF_UNIX = 1;
export const AF_NETLINK = 16;
export const AF_PACKET = 17;

export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;

export const IPPROTO_IP = 0;
export const IPPROTO_UDP = 17;
export const IPPROTO_IPV6 = 41;

export const SOL_SOCKET = 1;
export const SO_ERROR = 4;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_BINDTODEVICE = 25;
export const SO_RCVBUFFORCE = 33;
export const SO_MARK = 36;
/** Memory and drops of a socket, as an array of 32-bit words. From Linux 4.12 on. See linux/sock_diag.h. */
export const SO_MEMINFO = 55;
/** From Linux 5.1 on. */
export const SO_BINDTOIFINDEX = 62;
/** From Linux 5.1 on. Its time stamps do not overflow in 2038. */
export const SO_TIMESTAMPNS_NEW = 64;

/** The path MTU: whether datagrams forbid fragmentation, and whether ICMP reports of a small MTU are believed. */
export const IP_MTU_DISCOVER = 10;
/** Allows fragmentation on the whole path, and ignores ICMP reports. From Linux 3.15 on. */
export const IP_PMTUDISC_OMIT = 5;

/** Reports each ICMP error, in SO_ERROR too, although the socket is not connected. */
export const IP_RECVERR = 11;
export const IPV6_RECVERR = 25;

/** The ifIndex, in network order, of the interface through which datagrams to unicast addresses are sent. */
export const IP_UNICAST_IF = 50;
export const IPV6_UNICAST_IF = 76;

/** linux/udp.h; Linux 4.18. */
export const UDP_SEGMENT = 103;

/** linux/if_packet.h */
export const SOL_PACKET = 263;
export const PACKET_ADD_MEMBERSHIP = 1;
export const PACKET_RX_RING = 5;
export const PACKET_STATISTICS = 6;
export const PACKET_AUXDATA = 8;
export const PACKET_VERSION = 10;
export const PACKET_MR_PROMISC = 1;

/** sll_pkttype */
export const PACKET_HOST = 0;
export const PACKET_OTHERHOST = 3;
export const PACKET_OUTGOING = 4;

/** linux/if_arp.h */
export const ARPHRD_ETHER = 1;
export const ARPHRD_LOOPBACK = 772;
export const ARPHRD_NONE = 65534;

/** linux/if_ether.h. socket() and sockaddr_ll take it in network order. */
export const ETH_P_ALL = 0x0003;

/** linux/netlink.h */
export const NETLINK_ROUTE = 0;
export const NETLINK_SOCK_DIAG = 4;
export const NETLINK_NETFILTER = 12;
export const NETLINK_GENERIC = 16;
export const SOL_NETLINK = 270;
export const NETLINK_ADD_MEMBERSHIP = 1;
/** From Linux 4.3 on. */
export const NETLINK_CAP_ACK = 10;
