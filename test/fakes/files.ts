// The files of a captured host: a tree of test/fixtures/hosts, and the files that a test puts over it.

import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { FileSystemSize, Files } from "../../agent/host/host.ts";
import { pieces } from "./pieces.ts";

const HOSTS = new URL("../fixtures/hosts/", import.meta.url).pathname;

export interface HostTree extends Files {
  /** Texts by path, which hide those of the tree; undefined removes a file. */
  readonly over: Record<string, string | undefined>;
  /** Targets of symbolic links by path, which hide those of the tree. */
  readonly links: Record<string, string | undefined>;
  /** Sizes by mount point. A function may return a promise that never settles, as a hung mount does. */
  /** Identities of files by path. */
  readonly identities: Record<string, string | undefined>;
  readonly sizes: Record<string, FileSystemSize | (() => Promise<FileSystemSize | undefined>)>;
  /** Paths read so far, in order. */
  readonly reads: string[];
}

const attempt = <T>(call: () => T): T | undefined => {
  try {
    return call();
  } catch {
    return undefined;
  }
};

export function hostTree(name: string): HostTree {
  const at = (path: string) => join(HOSTS, name, path);
  const tree: HostTree = {
    over: {},
    links: {},
    identities: {},
    sizes: {},
    reads: [],
    read(path) {
      tree.reads.push(path);
      return path in tree.over ? tree.over[path] : attempt(() => readFileSync(at(path), "utf8"));
    },
    stream: (path) => attempt(() => pieces(new Uint8Array(readFileSync(at(path))))),
    open(path) {
      return tree.exists(path) ? { read: () => tree.read(path), close: () => undefined } : undefined;
    },
    keep: (path) => ({ read: () => tree.read(path), close: () => undefined }),
    list(path) {
      const over = Object.keys({ ...tree.over, ...tree.links }).filter((file) => file.startsWith(`${path}/`));
      const names = over.map((file) => file.slice(path.length + 1).split("/")[0] ?? "");
      return [...new Set([...(attempt(() => readdirSync(at(path))) ?? []), ...names])].sort();
    },
    folders(path) {
      const below = Object.keys(tree.over).filter(
        (file) => tree.over[file] !== undefined && file.startsWith(`${path}/`),
      );
      const names = below.map((file) => file.slice(path.length + 1).split("/"));
      return [...new Set(names.flatMap(([name = "", ...rest]) => (rest.length === 0 ? [] : name)))];
    },
    link: (path) => (path in tree.links ? tree.links[path] : attempt(() => readlinkSync(at(path)))),
    exists: (path) => (path in tree.over ? tree.over[path] !== undefined : existsSync(at(path))),
    errorOf(path) {
      if (!tree.exists(path)) return "ENOENT";
      return tree.read(path) === undefined ? "EACCES" : undefined;
    },
    identity: (path) => tree.identities[path],
    write(path, text) {
      tree.over[path] = text;
    },
    hold: () => undefined,
    remove(path) {
      tree.over[path] = undefined;
    },
    kindOf: (path) => (tree.exists(path) ? "other" : undefined),
    setMode: () => undefined,
    openPipe(path) {
      throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: "ENOENT" });
    },
    size(mountPoint) {
      const size = tree.sizes[mountPoint];
      return typeof size === "function" ? size() : Promise.resolve(size);
    },
  };
  return tree;
}

/** A host that has only these files. */
export function memoryFiles(texts: Readonly<Record<string, string>> = {}): HostTree {
  const tree = hostTree("none");
  Object.assign(tree.over, texts);
  return tree;
}
