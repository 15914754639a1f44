// Makes an image of the agent as OCI archive: a layer with a C library and a shell of Debian, and a layer with the
// package. Needs no registry and no container engine. See the OCI Image Format Specification 1.0.

import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { unpackedDebian } from "../deb/compile.mjs";
import { gzip } from "../gzip.mjs";
import { tar } from "./folder-archive.mjs";

const BASE = { release: "trixie", packages: "libc6,libgcc-s1,libstdc++6,busybox-static" };
const COMMANDS = ["cat", "env", "grep", "id", "kill", "ls", "ps", "sh", "sleep"];
const PASSWD = [
  "root:x:0:0:root:/:/bin/sh",
  "hsflowd:x:999:999:sFlow agent:/:/bin/false",
  "nobody:x:65534:65534:nobody:/:/bin/false",
];
const GROUP = ["root:x:0:", "hsflowd:x:999:", "nogroup:x:65534:"];
const CONFIG = {
  Env: ["PATH=/usr/sbin:/usr/bin"],
  Cmd: ["hsflowd-start"],
  Healthcheck: { Test: ["CMD", "hsflowd", "status"] },
};

const hex = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Returns name and version of the Debian packages in a folder, from their changelogs: a rebuild has one of its own. */
export function debianPackages(root, architecture) {
  const folder = join(root, "usr/share/doc");
  return readdirSync(folder).map((name) => {
    const files = [architecture, ""].map((part) =>
      join(folder, name, `changelog.Debian.${part}.gz`.replace("..", ".")),
    );
    const changelog = gunzipSync(readFileSync(files.find(existsSync))).toString();
    return { name, version: /^\S+ \(([^)]+)\)/.exec(changelog)[1] };
  });
}

/** Programs, libraries and licences. Conversions between character sets are of no use here. */
const isOfUse = (path) =>
  !/\/usr\/lib\/[^/]+\/(gconv|audit)$/.test(path) && !/\/usr\/share\/(?!doc$|doc\/[^/]+(\/copyright)?$)/.test(path);

function fillBase(layer, root) {
  cpSync(join(root, "usr"), join(layer, "usr"), { recursive: true, verbatimSymlinks: true, filter: isOfUse });
  for (const folder of ["etc", "proc", "run", "sys", "tmp", "usr/sbin", "var"])
    mkdirSync(join(layer, folder), { recursive: true });
  chmodSync(join(layer, "tmp"), 0o1777);
  symlinkSync("../run", join(layer, "var/run"));
  for (const name of ["bin", "lib", "lib64", "sbin"])
    if (existsSync(join(layer, "usr", name))) symlinkSync(`usr/${name}`, join(layer, name));
  for (const name of COMMANDS) symlinkSync("busybox", join(layer, "usr/bin", name));
  writeFileSync(join(layer, "etc/passwd"), `${PASSWD.join("\n")}\n`);
  writeFileSync(join(layer, "etc/group"), `${GROUP.join("\n")}\n`);
}

/** start.sh writes the configuration, unless one is mounted. */
function fillAgent(layer, tree) {
  cpSync(join(tree, "usr"), join(layer, "usr"), { recursive: true, verbatimSymlinks: true });
  copyFileSync("packaging/fleet/start.sh", join(layer, "usr/sbin/hsflowd-start"));
  chmodSync(join(layer, "usr/sbin/hsflowd-start"), 0o755);
}

/** Collects the blobs of an image, below their hashes. */
class Layout {
  #folder;

  constructor(folder) {
    this.#folder = folder;
    mkdirSync(join(folder, "blobs/sha256"), { recursive: true });
  }

  /** Returns the descriptor. */
  add(mediaType, bytes) {
    const digest = hex(bytes);
    writeFileSync(join(this.#folder, "blobs/sha256", digest), bytes);
    return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
  }

  addJson(mediaType, value) {
    return this.add(mediaType, Buffer.from(JSON.stringify(value)));
  }

  write(name, value) {
    writeFileSync(join(this.#folder, name), JSON.stringify(value));
  }
}

const TYPE = "application/vnd.oci.image";

/** Writes the layout with its index, and the manifest.json that `docker load` needs before version 25. */
function writeLayout(folder, layers, { architecture, version, epoch, labels }) {
  const layout = new Layout(folder);
  const blobs = layers.map((bytes) => layout.add(`${TYPE}.layer.v1.tar+gzip`, gzip(bytes)));
  const created = new Date(epoch * 1000).toISOString();
  const config = layout.addJson(`${TYPE}.config.v1+json`, {
    created,
    architecture,
    os: "linux",
    config: { ...CONFIG, Labels: labels },
    rootfs: { type: "layers", diff_ids: layers.map((bytes) => `sha256:${hex(bytes)}`) },
    history: ["Debian", "hsflowd-ts"].map((created_by) => ({ created, created_by })),
  });
  const content = { schemaVersion: 2, mediaType: `${TYPE}.manifest.v1+json`, config, layers: blobs };
  const manifest = {
    ...layout.addJson(`${TYPE}.manifest.v1+json`, content),
    platform: { architecture, os: "linux" },
    annotations: { "org.opencontainers.image.ref.name": `hsflowd-ts:${version}` },
  };
  const path = ({ digest }) => `blobs/sha256/${digest.replace("sha256:", "")}`;
  layout.write("oci-layout", { imageLayoutVersion: "1.0.0" });
  layout.write("index.json", { schemaVersion: 2, mediaType: `${TYPE}.index.v1+json`, manifests: [manifest] });
  layout.write("manifest.json", [
    { Config: path(config), RepoTags: [`hsflowd-ts:${version}`], Layers: blobs.map(path) },
  ]);
}

/** Writes the archive of an image with the package's files in `tree`. Returns the Debian packages in it. */
export function makeImage(file, tree, scratch, { name, version, architecture, epoch }) {
  const [root, base, agent, layout] = ["root", "base", "agent", "layout"].map((part) => join(scratch, part));
  unpackedDebian(root, { ...BASE, options: [`--arch=${architecture}`] });
  fillBase(base, root);
  fillAgent(agent, tree);
  const labels = {
    "org.opencontainers.image.title": name,
    "org.opencontainers.image.version": version,
    "org.opencontainers.image.licenses": "MIT",
  };
  const layers = [base, agent].map((folder) => tar(folder, epoch));
  writeLayout(layout, layers, { architecture, version, epoch, labels });
  const paths = ["oci-layout", "index.json", "manifest.json", "blobs"];
  writeFileSync(file, tar(layout, epoch, paths));
  const packages = debianPackages(root, architecture);
  rmSync(scratch, { recursive: true });
  return packages;
}
