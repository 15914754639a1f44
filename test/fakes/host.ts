// A host that the test controls: its clock, files, sockets and names.

import { Faults } from "../../agent/host/faults.ts";
import type { Host, Page, Uname } from "../../agent/host/host.ts";
import { type FakeClock, makeFakeClock } from "./clock.ts";
import { type HostTree, hostTree, memoryFiles } from "./files.ts";
import { type FakeShim, makeFakeShim } from "./shim.ts";

export interface FakeHost extends Host {
  readonly clock: FakeClock;
  readonly files: HostTree;
  readonly sockets: FakeShim;
  /** Answers of `resolve`; a name that is missing here is rejected. */
  readonly names: Record<string, readonly string[]>;
  /** Pages that are served now, by path or port. */
  readonly pages: Map<string | number, () => Promise<Page>>;
  /** The next results of `random`; after them it returns 0. */
  readonly randoms: number[];
}

export interface FakeHostOptions {
  /** A folder of test/fixtures/hosts. Without it the host has only `texts`. */
  readonly tree?: string;
  /** Files by path, which hide those of the tree. */
  readonly texts?: Readonly<Record<string, string>>;
  readonly uname?: Partial<Uname>;
  readonly env?: Readonly<Record<string, string>>;
}

const UNAME: Uname = { system: "Linux", name: "web1", release: "6.1.0-18-amd64", machine: "x86_64" };

export function makeFakeHost({ tree, texts = {}, uname = {}, env = {} }: FakeHostOptions = {}): FakeHost {
  const files = tree === undefined ? memoryFiles() : hostTree(tree);
  Object.assign(files.over, texts);
  const names: Record<string, readonly string[]> = {};
  const randoms: number[] = [];
  const pages = new Map<string | number, () => Promise<Page>>();
  const clock = makeFakeClock();
  return {
    clock,
    faults: new Faults(clock.uptime),
    files,
    sockets: makeFakeShim(),
    hasNamespaceHelper: () => false,
    uname: () => ({ ...UNAME, ...uname }),
    async resolve(name) {
      const found = names[name];
      if (found === undefined) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: "ENOTFOUND" });
      return found;
    },
    askNameServer(_protocol, _server, _question, heard) {
      queueMicrotask(() => heard.failed("ECONNREFUSED"));
      return { close: () => undefined };
    },
    async servePage({ path, port }, page) {
      const at = path ?? port ?? 0;
      pages.set(at, page);
      return { close: () => void pages.delete(at) };
    },
    async askHttpServer() {
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    },
    pages,
    random: (below) => Math.min(randoms.shift() ?? 0, below - 1),
    env,
    names,
    randoms,
  };
}
