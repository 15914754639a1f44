// A tun interface with a program at its other end, so that packets without a link layer can come in. tuntap(7).

import { type Child, start } from "./child.ts";
import type { Namespace } from "./namespaces.ts";

/**
 * Perl is a part of Debian, and can do the ioctl that Node cannot. Writes the packets, in hexadecimal, at each SIGUSR1.
 */
const HOLD = `
  my ($name, @packets) = @ARGV;
  open my $tun, "+<", "/dev/net/tun" or die "tun: $!";
  ioctl $tun, 0x400454ca, pack("Z16 S x22", $name, 0x1001) or die "TUNSETIFF: $!";
  system "ip", "link", "set", $name, "up";
  $SIG{USR1} = sub { syswrite $tun, pack("H*", $_) for @packets };
  $| = 1;
  print "ready\\n";
  sleep 60;
  sleep 60;
`;

export interface Tun {
  readonly index: number;
  /** Sends the packets in. */
  play(): void;
  close(): Promise<void>;
}

export async function openTun(namespace: Namespace, name: string, packets: readonly Uint8Array[]): Promise<Tun> {
  const words = packets.map((packet) => Buffer.from(packet).toString("hex"));
  const child: Child = start(namespace, ["perl", "-e", HOLD, name, ...words]);
  await child.says(/ready/);
  return {
    index: Number(namespace.run("cat", `/sys/class/net/${name}/ifindex`)),
    play: () => child.kill("SIGUSR1"),
    close: async () => void (await child.stop()),
  };
}

const HOLD_MANY = `
  my ($prefix, $count) = @ARGV;
  my @held;
  for my $i (1 .. $count) {
    open my $tap, "+<", "/dev/net/tun" or die "tun: $!";
    ioctl $tap, 0x400454ca, pack("Z16 S x22", "$prefix$i", 0x1002) or die "TUNSETIFF: $!";
    push @held, $tap;
  }
  open my $ip, "|-", "ip", "-batch", "-" or die "ip: $!";
  print $ip "link set $prefix$_ up\\n" for 1 .. $count;
  close $ip;
  $| = 1;
  print "ready\\n";
  sleep 120;
`;

/** Makes TAP interfaces `prefix1`, `prefix2` ..., which are up as long as the child runs. */
export async function openTaps(namespace: Namespace, prefix: string, count: number): Promise<Child> {
  const child = start(namespace, ["perl", "-e", HOLD_MANY, prefix, String(count)]);
  await child.says(/ready/);
  return child;
}
