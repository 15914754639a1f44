// The Debian package under dpkg: installed, upgraded and purged. Debian Policy.

import { basename, dirname, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeFolder } from "./agent.ts";
import { releasePackage, version } from "./package.ts";
import { runInCopy } from "./root-copy.ts";

const folder = makeFolder();
afterAll(folder.remove);

let deb: string;

beforeAll(() => {
  deb = resolve(releasePackage());
}, 400_000);

const inCopy = (script: string): string => runInCopy(folder.path, dirname(deb), script);

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
