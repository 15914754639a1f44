// The readers of what others send: each takes any bytes, throws nothing and ends soon.

import { readFileSync } from "node:fs";
import { formatProblems } from "../../agent/config/error.ts";
import { encodeQuestion, readAnswer } from "../../agent/dns/message.ts";
import { readEvent, readFacts, readListed } from "../../agent/modules/docker/answers.ts";
import { ElementSplitter, splitLines } from "../../agent/modules/docker/documents.ts";
import { modules } from "../../agent/modules/index.ts";
import { parseDocument } from "../../agent/modules/json/document.ts";
import { Fault } from "../../agent/modules/json/fault.ts";
import { readMessage } from "../../agent/modules/json/message.ts";
import { PipeMessages } from "../../agent/modules/json/pipe-messages.ts";
import { readLacpCounters } from "../../agent/netlink/bond.ts";
import { readFamily } from "../../agent/netlink/generic.ts";
import { readLink } from "../../agent/netlink/link.ts";
import { readLinkAddress } from "../../agent/netlink/link-address.ts";
import { readLinkStats } from "../../agent/netlink/link-stats.ts";
import { errnoOf, readMessages } from "../../agent/netlink/message.ts";
import { readNamespaceId } from "../../agent/netlink/namespace-id.ts";
import { readRouteInterface } from "../../agent/netlink/route.ts";
import { readConfiguration } from "../../agent/run/configuration.ts";
import { decodeDatagram } from "../../agent/sflow/decode.ts";
import { COUNTER_SAMPLE, CUSTOM_FLOW, FLOW_SAMPLE, HTTP, METRICS } from "../modules/json/messages.ts";
import { seededRandom } from "../seeded-random.ts";
import { originals } from "../sflow/fuzz.ts";

export interface Target {
  readonly name: string;
  readonly run: (bytes: Uint8Array) => void;
  /** Inputs to begin with, in addition to the corpus. */
  readonly seeds: readonly Uint8Array[];
  readonly words: readonly Uint8Array[];
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const decodeText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const file = (path: string): Uint8Array => Uint8Array.from(readFileSync(path));

const NETLINK_READERS = [
  ...[readFamily, readLink, readLinkAddress, readLinkStats, readLacpCounters],
  ...[readNamespaceId, readRouteInterface, errnoOf],
];
const DNS_TYPES = ["SRV", "TXT", "A", "AAAA"] as const;
const ID = "0123456789abcdef".repeat(4);
const EVENT = {
  Type: "container",
  Action: "start",
  id: ID,
  timeNano: 1.7e18,
  Actor: { ID, Attributes: { name: "web" } },
};
const FACTS = {
  ...{ Id: ID, Name: "/web", Config: { Hostname: "web" } },
  State: { Pid: 7, Status: "running", StartedAt: "2026-01-01T00:00:00.5Z" },
  HostConfig: { NanoCpus: 5e8, CpuQuota: 50_000, CpuPeriod: 100_000 },
};

/** A message may be refused by a Fault, and by nothing else. */
function refusable(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}

export const targets: readonly Target[] = [
  {
    name: "config",
    run: (bytes) => {
      const source = decodeText(bytes);
      formatProblems("x", source, readConfiguration(source, modules).problems);
    },
    seeds: [file("etc/hsflowd.conf"), text("sflow { polling = 20 collector { ip = 192.0.2.1 udpport = 6343 } }")],
    words: ["sflow {", "}", "=", "#", "pcap { dev = eth0 }", "docker { }", "1G-10G", "::1", "0x", "\0"].map(text),
  },
  {
    name: "datagram",
    run: (bytes) => {
      decodeDatagram(bytes);
    },
    seeds: originals(seededRandom(1)),
    words: [],
  },
  {
    name: "netlink",
    run: (bytes) => {
      for (const message of readMessages(bytes)) for (const read of NETLINK_READERS) read(message);
    },
    seeds: ["links", "addresses", "stats", "generic-family"].map((name) => file(`test/fixtures/netlink/${name}.bin`)),
    words: [],
  },
  {
    name: "dns",
    run: (bytes) => {
      for (const type of DNS_TYPES) readAnswer(bytes, 7, { name: "_sflow._udp.example.com", type });
    },
    seeds: DNS_TYPES.map((type) => encodeQuestion({ name: "_sflow._udp.example.com", type }, 7, true)),
    words: [Uint8Array.of(0xc0, 0x0c), Uint8Array.of(0, 33, 0, 1), Uint8Array.of(0, 16, 0, 1), Uint8Array.of(0)],
  },
  {
    name: "engine",
    run: (bytes) => {
      const json = decodeText(bytes);
      for (const line of splitLines(() => undefined)(json)) readEvent(line);
      readFacts(json);
      if (!json.startsWith("[")) return;
      for (const entry of new ElementSplitter(() => undefined).split(json)) readListed(entry);
    },
    seeds: [EVENT, FACTS, [{ Id: ID, Names: ["/web"], State: "running" }]].map((value) => text(JSON.stringify(value))),
    words: ["null", "{}", "[]", "1e999", '"\\ud800"', "-1", "true", '"__proto__":1,', ID].map(text),
  },
  {
    name: "json",
    run: (bytes) => {
      const take = (message: Uint8Array): void => refusable(() => readMessage(parseDocument(decodeText(message))));
      const listener = { onMessage: take, onNoise: take, onTooLong: () => undefined, onCut: () => undefined };
      const messages = new PipeMessages(1000, listener);
      messages.take(bytes);
      messages.end();
    },
    seeds: [FLOW_SAMPLE, COUNTER_SAMPLE, METRICS, CUSTOM_FLOW, HTTP].map((value) => text(JSON.stringify(value))),
    words: ["null", "{}", "1e999", '"\\ud800"', "-1", "18446744073709551616", '"__proto__":{},', '"nan"'].map(text),
  },
];
