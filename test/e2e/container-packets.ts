// Packets of containers as in their samples, and the veth pairs that they pass as `ip` shows them.

import { run } from "./command.ts";
import type { Namespace } from "./namespaces.ts";
import type { Flow } from "./walk.ts";

/** A container's eth0, as `ip` shows it inside. */
export interface Plugged {
  readonly id: string;
  readonly index: number;
  readonly mac: string;
  readonly address: string;
  /** The index of the host's end of its veth pair: `eth0@if7`. */
  readonly port: number;
  run(...words: string[]): string;
}

export function lookInside(id: string, pid: number): Plugged {
  const inside = (...words: string[]) => run("nsenter", `--target=${pid}`, "--net", ...words);
  const link = inside("ip", "-o", "link", "show", "eth0");
  const [, index = "", port = "", mac = ""] = /^(\d+): eth0@if(\d+):.*link\/ether ([0-9a-f:]+)/.exec(link) ?? [];
  const [, address = ""] = /inet ([0-9.]+)/.exec(inside("ip", "-o", "-4", "address", "show", "eth0")) ?? [];
  return { id, index: Number(index), mac: mac.replaceAll(":", ""), address, port: Number(port), run: inside };
}

/** Finds an interface of the host by name or index. */
export function hostLink(host: Namespace, which: string | number): { index: number; name: string; mac: string } {
  for (const line of host.ip("-o", "link").split("\n")) {
    const [, index, name = "", mac = ""] = /^(\d+): ([^:@]+).*link\/ether ([0-9a-f:]+)/.exec(line) ?? [];
    if (which === name || which === Number(index)) return { index: Number(index), name, mac: mac.replaceAll(":", "") };
  }
  throw new Error(`no interface ${which}`);
}

export interface Seen {
  readonly tap: string;
  readonly etherType: string;
  readonly from: string;
  readonly to: string;
  readonly ports: readonly [number, number];
  /** Data sources of both ends; undefined where the record is missing. */
  readonly entities: readonly [string, string] | undefined;
}

export function seen(flow: Flow): Seen {
  const { source: tap, input, output, records } = flow;
  const header = records.get(1)?.subarray(16) ?? Buffer.alloc(14);
  const entities = records.get(2210);
  const word = (at: number) => entities?.readUInt32BE(at);
  return {
    tap,
    etherType: header.toString("hex", 12, 14),
    from: header.toString("hex", 6, 12),
    to: header.toString("hex", 0, 6),
    ports: [input, output],
    entities: entities && [`${word(0)}:${word(4)}`, `${word(8)}:${word(12)}`],
  };
}

export const distinct = <T>(values: readonly T[]): T[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
];
