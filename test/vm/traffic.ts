// The cables of a minimal Debian and the traffic on them, made by programs that each Debian has.

import { nobody } from "../e2e/namespaces.ts";

export const PACKETS = 10_000;
/** Bytes of UDP payload. */
export const SIZE = 100;

/** Commands for ip(8): one cable to `far`, and one with a bond and a VLAN. */
export const network = [
  "link set $(ip -o link | sed -n 's/^[0-9]*: \\([^:]*\\):.*52:54:00:00:00:01.*/\\1/p') name out0",
  "address add 10.0.2.15/24 dev out0",
  "link set out0 up",
  "netns add far",
  "netns exec far sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'",
  "link add veth0 address 02:00:00:00:00:01 type veth peer name veth0 netns far address 02:00:00:00:00:02",
  "link add veth1 address 02:00:00:00:01:01 type veth peer name veth1 netns far address 02:00:00:00:01:02",
  "link add bond0 address 02:00:00:00:01:01 type bond mode active-backup",
  "link set veth1 master bond0",
  "link set bond0 up",
  "link add link bond0 name vlan0 type vlan id 100",
  "-n far link set veth1 up",
  "-n far link add link veth1 name vlan0 type vlan id 100",
  ...["", "-n far "].flatMap((at, end) =>
    ["veth0", "vlan0"].flatMap((device, net) => [
      `${at}address add 10.9.${net}.${end + 1}/24 dev ${device}`,
      `${at}link set ${device} up`,
      `${at}neigh replace ${nobody(`10.9.${net}.1`)} lladdr 02:00:00:00:0${net}:0${2 - end} dev ${device}`,
    ]),
  ),
];

/** Uses Perl, which every Debian has. */
export const flood = (net: number) =>
  `perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 0); $to = sockaddr_in(5000, inet_aton("${nobody(`10.9.${net}.1`)}")); ` +
  `send(S, "x" x ${SIZE}, 0, $to) for 1..${PACKETS}'`;

export const TALKS = 50;
export const listen =
  "perl -MIO::Socket -e '$s = IO::Socket::INET->new(LocalPort => 7000, Listen => 1); $c = $s->accept; " +
  "$c->autoflush; print $c $_ while <$c>'";
/** Stays open for a while after its last segment: the kernel's data on a connection goes with it. */
export const talk =
  `perl -MIO::Socket -e '$c = IO::Socket::INET->new("10.9.0.2:7000") or die; $c->autoflush; ` +
  `for (1..${TALKS}) { print $c "x\\n"; <$c> } sleep 1'`;

export const inFar = (command: string) => `ip netns exec far ${command}`;
