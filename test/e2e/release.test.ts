// The archive and the image of a release, made from the package: installed in a copy of this machine's root, and run
// from the layers of the image alone. See the OCI Image Format Specification 1.0.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeImage } from "../../packaging/release/image.mjs";
import { makeTarball } from "../../packaging/release/tarball.mjs";
import { makeFolder } from "./agent.ts";
import { run } from "./command.ts";
import { releasePackage, version } from "./package.ts";

const WHAT = { name: "hsflowd-ts", version, architecture: "amd64", epoch: 1_700_000_000, level: "0" };

const folder = makeFolder();
afterAll(folder.remove);

const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
const readJson = (file: string) => JSON.parse(readFileSync(file, "utf8"));

beforeAll(() => {
  run("dpkg-deb", "-x", resolve(releasePackage()), folder.file("tree"));
}, 400_000);

it("the archive installs the agent, upgrades it and removes it, on a system without dpkg", () => {
  makeTarball(folder.file("archive.tar.xz"), folder.file("tree"), folder.file("scratch"), WHAT);
  const root = folder.file("copy");
  mkdirSync(root);
  const script = `
    exec 3>&1 >/dev/null 2>&1
    rm -f /usr/bin/dpkg* /etc/hsflowd.conf
    mkdir /archive; tar -C /archive -xf /release/archive.tar.xz --strip-components=1
    /archive/install.sh
    { id -un hsflowd; hsflowd --version; hsflowd check --dump | grep -c collector; } >&3 || :
    echo 'sflow { collector { ip = 192.0.2.9 } }' >/etc/hsflowd.conf
    /archive/install.sh
    hsflowd check --dump | grep -o 192.0.2.9 >&3
    /archive/install.sh --remove
    find /usr -name '*hsflowd*' >&3
    cat /etc/hsflowd.conf >&3`;
  const mounts = `set -e
mount -t tmpfs none ${root}; cd ${root}; mkdir upper work merged
mount -t overlay none -o lowerdir=/,upperdir=upper,workdir=work merged
mount -t proc none merged/proc; mount --rbind /dev merged/dev; mount -t tmpfs none merged/run; mkdir merged/release
mount --bind ${folder.path} merged/release
exec chroot merged sh -ec "$1"`;
  const said = run("unshare", "--mount", "--pid", "--fork", "sh", "-c", mounts, "sh", script);
  expect(said.trim().split("\n")).toEqual([
    "hsflowd",
    `hsflowd version ${version}`,
    expect.stringMatching(/^\d+$/),
    "192.0.2.9",
    "sflow { collector { ip = 192.0.2.9 } }",
  ]);
}, 60_000);

describe("the image", () => {
  const layout = (path: string) => folder.file(`layout/${path}`);
  const blob = ({ digest }: { digest: string }) => layout(`blobs/sha256/${digest.replace("sha256:", "")}`);

  beforeAll(() => {
    const packages = makeImage(folder.file("image.tar"), folder.file("tree"), folder.file("scratch"), WHAT);
    expect(packages.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(["libc6", "libstdc++6"]));
    mkdirSync(layout(""));
    run("tar", "-xf", folder.file("image.tar"), "-C", layout(""));
  }, 400_000);

  it("has an index whose blobs have their hashes and sizes", () => {
    const [descriptor] = readJson(layout("index.json")).manifests;
    expect(descriptor.platform).toEqual({ architecture: "amd64", os: "linux" });
    const manifest = readJson(blob(descriptor));
    for (const one of [descriptor, manifest.config, ...manifest.layers]) {
      expect(`sha256:${sha256(blob(one))}`).toBe(one.digest);
      expect(readFileSync(blob(one)).length).toBe(one.size);
    }
    expect(readJson(blob(manifest.config)).rootfs.diff_ids).toHaveLength(2);
  });

  it("runs the agent from nothing but its layers, and checks what its start script writes", () => {
    const [{ Layers: layers }] = readJson(layout("manifest.json"));
    const root = folder.file("image");
    mkdirSync(root);
    for (const layer of layers) run("tar", "-xzf", layout(layer), "-C", root);
    const inside = (...words: string[]) =>
      run("chroot", root, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin", ...words);
    expect(inside("hsflowd", "--version")).toBe(`hsflowd version ${version}\n`);
    // All but the last line, which starts the agent.
    run("sh", "-c", `sed '$d' ${root}/usr/sbin/hsflowd-start | PATH=/usr/sbin:/usr/bin chroot ${root} sh`);
    expect(inside("hsflowd", "check")).toContain("no errors");
  });
});
