// The implemented blocks of modules/index.ts, each with the shortest configuration that it accepts.

import { type ListedModule, modules } from "../../agent/modules/index.ts";
import type { Context, Running } from "../../agent/modules/module.ts";
import { blocksFor, givenTo } from "../../agent/run/code.ts";
import { readConfiguration } from "../../agent/run/configuration.ts";

/** The text of each block that needs more than `keyword { }`. FOLDER stands for an empty folder. */
const TEXTS: Readonly<Record<string, string>> = {
  collector: "collector { ip=127.0.0.1 }",
  "dns-sd": "dns-sd { domain=.example.com }",
  docker: "docker { socket=FOLDER/engine.sock }",
  metrics: "metrics { socket=FOLDER/metrics.sock }",
  epcap: "epcap { dev=lo }",
  pcap: "pcap { dev=lo }",
};

export interface ImplementedBlock {
  /** The keyword, or the name of a part that always runs. */
  readonly name: string;
  readonly module: ListedModule;
  /** Reads the configuration again: equal values, another object. */
  read(folder: string): unknown;
  create(folder: string, context: Context): Promise<Running<unknown>>;
}

export const nameOf = ({ keyword, name }: ListedModule): string => keyword ?? name ?? "";

function read(module: ListedModule, folder: string): unknown {
  const { keyword } = module;
  const block = keyword === null ? "" : (TEXTS[keyword] ?? `${keyword} { }`);
  const collector = keyword === "collector" ? "" : "collector { ip=127.0.0.1 }";
  const text = `sflow { ${module.findsCollectors ? "" : collector} ${block.replaceAll("FOLDER", folder)} }`;
  const { configuration, problems } = readConfiguration(text, modules);
  if (configuration === undefined) throw new Error(`${text}: ${problems.map(({ message }) => message).join("; ")}`);
  return givenTo(module, blocksFor(configuration, module));
}

export const implemented: readonly ImplementedBlock[] = modules.flatMap((module) => {
  const { load } = module;
  if (load === undefined) return [];
  const create = async (folder: string, context: Context) => (await load()).create(read(module, folder), context);
  return [{ name: nameOf(module), module, read: (folder: string) => read(module, folder), create }];
});
