// A package like hsflowd's own: a conffile, a unit in /lib and no maintainer scripts. Its agent sends an empty datagram
// each second to the collector of the file. deb(5)

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./command.ts";

/** Sub-agent of its datagrams. */
export const STAND_IN = 200001;

const AGENT = `#!/usr/bin/perl
use IO::Socket::INET;
open my $file, "<", "/etc/hsflowd.conf" or die "no configuration";
my $text = join "", <$file>;
my ($address) = $text =~ /ip *= *(\\S+)/ or die "no collector";
my ($port) = $text =~ /udpport *= *(\\d+)/;
my $socket = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port // 6343, Proto => "udp") or die "no socket";
for (my $n = 1; ; $n++) {
  $socket->send(pack "N*", 5, 1, 0x0a00020f, ${STAND_IN}, $n, $n * 1000, 0);
  sleep 1;
}
`;

const CONTROL = [
  "Package: hsflowd",
  "Version: 2.1.25-1",
  "Architecture: amd64",
  "Maintainer: nobody",
  "Description: -",
];

/** See lsb_init_info in insserv(8). */
const HEADER = [
  "## BEGIN INIT INFO",
  "Provides: hsflowd",
  "Default-Start: 2 3 4 5",
  "Default-Stop: 0 1 6",
  "## END INIT INFO",
];

const FILES: Readonly<Record<string, string>> = {
  "DEBIAN/control": `${CONTROL.join("\n")}\n`,
  "DEBIAN/conffiles": "/etc/hsflowd.conf\n/etc/init.d/hsflowd\n",
  "etc/hsflowd.conf": "sflow {\n  collector { ip = 127.0.0.1 }\n}\n",
  "etc/hsflowd/modules/mod_tcp.so": "not loaded\n",
  "etc/init.d/hsflowd": `#!/bin/sh\n${HEADER.map((line) => `#${line.startsWith("#") ? "" : " "}${line}\n`).join("")}`,
  "lib/systemd/system/hsflowd.service":
    "[Service]\nExecStart=/usr/sbin/hsflowd -m %m -d\nTimeoutStopSec=10\n[Install]\nWantedBy=multi-user.target\n",
  "usr/sbin/hsflowd": AGENT,
};

/** Writes the package into the folder and returns its path. */
export function makeStandIn(folder: string): string {
  const tree = join(folder, "stand-in");
  for (const [path, text] of Object.entries(FILES)) {
    const file = join(tree, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  }
  const deb = join(folder, "hsflowd.deb");
  run("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, deb);
  return deb;
}
