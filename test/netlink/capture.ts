// Captured answers of a kernel, with the output of `ip -j` at the same moment.

import { readFileSync } from "node:fs";

const CAPTURES = new URL("../fixtures/netlink/", import.meta.url).pathname;

export const bytesOfCapture = (name: string): Uint8Array => new Uint8Array(readFileSync(`${CAPTURES}${name}.bin`));

export interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly ifalias?: string;
  readonly address?: string;
  readonly flags: readonly string[];
  readonly operstate: string;
  readonly promiscuity?: number;
  readonly link?: string;
  readonly link_index?: number;
  readonly link_netnsid?: number;
  readonly master?: string;
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info?: readonly { readonly local: string; readonly prefixlen: number; readonly scope: string }[];
  readonly stats64?: Readonly<Record<"rx" | "tx", Readonly<Record<string, number>>>>;
}

export const wordsOfIp = (name: string): readonly IpLink[] =>
  JSON.parse(readFileSync(`${CAPTURES}${name}.json`, "utf8")) as IpLink[];
