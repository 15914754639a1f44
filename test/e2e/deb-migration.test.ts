// The Debian package in the place of hsflowd's own and back, without a terminal: /etc/hsflowd.conf is the operator's.
// Debian Policy, section 10.7.

import { mkdirSync, renameSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makePackages } from "../vm/packages.ts";
import { makeFolder } from "./agent.ts";
import { run } from "./command.ts";
import { runInCopy } from "./root-copy.ts";

const folder = makeFolder();
afterAll(folder.remove);

beforeAll(() => {
  makePackages(folder.path);
  makeEarlier();
}, 400_000);

/** The package as it was when /etc/hsflowd.conf was its conffile. */
function makeEarlier(): void {
  const tree = folder.file("tree");
  mkdirSync(`${tree}/etc`);
  renameSync(`${tree}/usr/share/hsflowd-ts/hsflowd.conf`, `${tree}/etc/hsflowd.conf`);
  run("sed", "-i", "s/^Version: .*/Version: 0.0.1/", `${tree}/DEBIAN/control`);
  run(
    "sh",
    "-c",
    `echo /etc/hsflowd.conf >${tree}/DEBIAN/conffiles; sed -i /write_configuration$/d ${tree}/DEBIAN/postinst`,
  );
  run("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, folder.file("packages/earlier.deb"));
}

const SHELL = `exec 3>&1 >/run/log 2>&1
trap '[ $? = 0 ] || cat /run/log >&3' EXIT
edit() { echo '  # ours' >>/etc/hsflowd.conf; cp -a /etc/hsflowd.conf /run/edited; }
# Says the name of the step, and what is not as it was.
says() {
  name=$1; shift; "$@"
  cmp -s /etc/hsflowd.conf /run/edited || name="$name: changed"
  echo "$name" $(cd /etc; ls -d hsflowd.conf?* systemd/system/hsflowd.service) >&3
}
`;

const steps = (script: string): string[] =>
  runInCopy(folder.path, folder.file("packages"), `${SHELL}${script}`).trim().split("\n");

const INSTALL = "apt-get -y -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=/dev/null install";

it("takes the place of hsflowd and gives it back: the changed file stays, without a question", () => {
  const said = steps(`
    dpkg -i /deb/hsflowd.deb; edit
    says ours ${INSTALL} /deb/first.deb
    says upgrade ${INSTALL} /deb/later.deb
    says removed apt-get -y remove hsflowd-ts
    says back ${INSTALL} /deb/hsflowd.deb
    says replaced dpkg -i /deb/later.deb
    says 'hsflowd again' ${INSTALL} /deb/hsflowd.deb
    ln -sf ../hsflowd.service /etc/systemd/system/multi-user.target.wants; echo rev >/etc/hsflowd.auto
    says purge dpkg -P hsflowd-ts
    ls /usr/sbin/hsflowd /etc/hsflowd.auto /etc/systemd/system/multi-user.target.wants/hsflowd.service >&3
    dpkg -P hsflowd; ls -d /etc/hsflowd.conf* >&3 || :
  `);
  expect(said).toEqual([
    ...["ours", "upgrade", "removed", "back", "replaced", "hsflowd again", "purge"],
    "/etc/hsflowd.auto",
    "/etc/systemd/system/multi-user.target.wants/hsflowd.service",
    "/usr/sbin/hsflowd",
  ]);
});

it("keeps the file of a running agent when what was left of hsflowd is purged, and deletes it with its own purge", () => {
  const said = steps(`
    dpkg -i /deb/hsflowd.deb; edit
    says ours dpkg -i /deb/later.deb
    says 'purge of hsflowd' dpkg -P hsflowd
    says upgrade dpkg -i /deb/later.deb
    dpkg -P hsflowd-ts; ls -d /etc/hsflowd.conf* >&3 || :; dpkg-divert --list '*hsflowd*' >&3
  `);
  expect(said).toEqual(["ours", "purge of hsflowd", "upgrade"]);
});

it("takes over from an earlier version of itself, whose conffile it was", () => {
  const said = steps(`
    dpkg -i /deb/earlier.deb; edit
    says upgrade ${INSTALL} /deb/later.deb
    says removed dpkg -r hsflowd-ts
    says again dpkg -i /deb/later.deb
    dpkg -P hsflowd-ts; ls -d /etc/hsflowd.conf* >&3 || :
  `);
  expect(said).toEqual(["upgrade", "removed", "again"]);
});

it("writes the file where there is none, and never over a link", () => {
  const said = steps(`
    dpkg -i /deb/later.deb
    cmp /etc/hsflowd.conf /usr/share/hsflowd-ts/hsflowd.conf; stat -c '%a %U' /etc/hsflowd.conf >&3
    rm /etc/hsflowd.conf; ln -s /nowhere /etc/hsflowd.conf
    dpkg -i /deb/later.deb; readlink /etc/hsflowd.conf >&3
    rm /etc/hsflowd.conf; dpkg -i /deb/later.deb; grep -c '^sflow {' /etc/hsflowd.conf >&3
  `);
  expect(said).toEqual(["644 root", "/nowhere", "1"]);
});
