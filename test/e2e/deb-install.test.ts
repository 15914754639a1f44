// The Debian package under dpkg: installed, upgraded, replacing hsflowd, and purged. Debian Policy.

import { mkdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeFolder } from "./agent.ts";
import { run } from "./command.ts";
import { releasePackage, version } from "./package.ts";

const folder = makeFolder();
afterAll(folder.remove);

let deb: string;

beforeAll(() => {
  deb = resolve(releasePackage());
}, 180_000);

/** Runs the script in a throw-away copy of this machine's root. */
function inCopy(script: string): string {
  const root = folder.file("root");
  mkdirSync(root, { recursive: true });
  const mounts = `set -e
mount -t tmpfs none ${root}; cd ${root}; mkdir upper work merged
mount -t overlay none -o lowerdir=/,upperdir=upper,workdir=work merged
mount -t proc none merged/proc; mount --rbind /dev merged/dev; mount -t tmpfs none merged/run; mkdir merged/deb
mount --bind ${dirname(deb)} merged/deb
exec chroot merged sh -ec "$1"`;
  return run("unshare", "--mount", "--pid", "--fork", "sh", "-c", mounts, "sh", script);
}

it("is installed, keeps a changed configuration in an upgrade, and leaves nothing after a purge", () => {
  const said = inCopy(`
    exec 3>&1 >/dev/null 2>&1
    touch /etc/hsflowd.auto
    # What others have in /tmp at the time comes and goes.
    ours() { find / -xdev -path /tmp -prune -o -name '*hsflowd*' -print | sort; }
    ours | grep -v hsflowd.auto >/run/before || :
    dpkg -i /deb/${basename(deb)}
    { id -un hsflowd; hsflowd -v; systemctl is-enabled hsflowd; } >&3
    echo 'sflow { collector { ip = 192.0.2.9 } pcap { dev = eth0 engine = libpcap } }' >/etc/hsflowd.conf
    ln -sf /run/hsflowd/hsflowd.auto /etc/hsflowd.auto
    dpkg -i /deb/${basename(deb)}
    hsflowd check --dump | grep -o 192.0.2.9 >&3
    hsflowd -d 2>/run/said &
    for _ in $(seq 100); do ! grep -q 'no .deb has it' /run/said || break; sleep 0.2; done
    kill $!; grep -o 'no .deb has it' /run/said >&3
    for after in 0.02 0.05 0.1 0.2; do
      hsflowd -d >>/run/early 2>&1 &
      sleep $after; kill -USR1 $!; sleep 1; kill $!; wait $! || :
    done
    grep -c 'Debugger listening' /run/early >&3 || :
    rm -rf /run/hsflowd
    dpkg -r hsflowd-ts
    cut -c 1-5 /etc/hsflowd.conf >&3
    dpkg -P hsflowd-ts
    ! getent passwd hsflowd
    ! getent group hsflowd
    rm -f /var/cache/man/cat8/hsflowd.8.gz
    ours | diff /run/before - >&3
  `);
  expect(said.trim().split("\n")).toEqual([
    "hsflowd",
    `hsflowd version ${version}`,
    "enabled",
    "192.0.2.9",
    "no .deb has it",
    "0",
    "sflow",
  ]);
});

it("replaces hsflowd, with the configuration that the operator has changed", () => {
  const said = inCopy(`
    exec 3>&1 >/dev/null 2>&1
    mkdir -p /old/DEBIAN /old/etc/hsflowd/modules /old/etc/dbus-1/system.d /old/lib/systemd/system /old/usr/sbin
    cd /old
    echo 'sflow { collector { ip = 192.0.2.1 } }' >etc/hsflowd.conf
    echo '<busconfig/>' >etc/dbus-1/system.d/net.sflow.hsflowd.conf
    echo old | tee etc/hsflowd/modules/mod_tcp.so lib/systemd/system/hsflowd.service usr/sbin/hsflowd
    printf '%s\n' /etc/hsflowd.conf /etc/dbus-1/system.d/net.sflow.hsflowd.conf >DEBIAN/conffiles
    printf '%s: %s\n' Package hsflowd Version 2.1.25-1 Architecture amd64 Maintainer me Description old >DEBIAN/control
    dpkg-deb -b /old /run/old.deb
    dpkg -i /run/old.deb
    sed -i s/192.0.2.1/192.0.2.9/ /etc/hsflowd.conf
    dpkg -i --force-confold /deb/${basename(deb)}
    { hsflowd -v; hsflowd check --dump | grep -o 192.0.2.9; systemctl is-enabled hsflowd; } >&3
    dpkg -P hsflowd
    { dpkg -S /etc/hsflowd.conf; ls -d /etc/hsflowd.conf* /etc/dbus-1/system.d/*hsflowd*; } >&3 2>/dev/null || :
  `);
  expect(said.trim().split("\n")).toEqual([
    `hsflowd version ${version}`,
    "192.0.2.9",
    "enabled",
    "hsflowd-ts: /etc/hsflowd.conf",
    "/etc/hsflowd.conf",
    "/etc/hsflowd.conf.dpkg-dist",
  ]);
});
