// Every setting of the file: a change of it, and the evidence that the change is in force.

import type { Option } from "../../agent/config/option.ts";
import { modules } from "../../agent/modules/index.ts";
import { sflowOptions } from "../../agent/settings/sflow-block.ts";
import { blockRows } from "./setting-block-rows.ts";
import { alone, asks, block, ELECTION, ETH1, LO, lo, OWN, type Row, type Seen, tap, UDP } from "./setting-row.ts";
import { sampledHeader } from "./walk.ts";

const HOST_DESCR = 2000;
const UUID = "00112233445566778899aabbccddeeff";

const sentUnder =
  (hex: string) =>
  ({ datagrams }: Seen): boolean =>
    datagrams.every(({ agent }) => agent === hex);
const tells =
  (hex: string) =>
  ({ datagrams }: Seen): boolean =>
    datagrams.some(({ counters }) =>
      counters.some(({ records }) => records.get(HOST_DESCR)?.includes(hex, 0, "hex") === true),
    );

const eth1 = (after: string) => ({
  from: `${OWN} pcap { dev = eth1 sampling = 9 }`,
  to: `${OWN} pcap { dev = eth1 } ${after}`,
});

const sflow: Readonly<Record<string, Row>> = {
  polling: {
    wire: true,
    ...alone("polling = 1"),
    is: ({ datagrams }) => datagrams.some(({ counters }) => counters.length > 0),
  },
  "polling.*": { ...alone("polling.app.web = 20"), is: ({ auto }) => auto.includes("\npolling.app.web=20\n") },
  sampling: {
    ...lo(""),
    to: `${OWN} pcap { dev = lo } sampling = 7`,
    is: (seen) => tap(seen, "lo")?.rate === 7,
    touches: LO,
  },
  "sampling.bps_ratio": {
    ...eth1("sampling.bps_ratio = 5M"),
    is: (seen) => tap(seen, "eth1")?.rate === 2000,
    touches: ETH1,
  },
  "sampling.limit": { ...alone("sampling.limit = 50"), is: (seen) => (tap(seen, "eth0")?.rateInForce ?? 0) > 1 },
  "sampling.*": { ...eth1("sampling.10G = 3"), is: (seen) => tap(seen, "eth1")?.rate === 3, touches: ETH1 },
  headerBytes: {
    wire: true,
    ...alone("headerBytes = 64"),
    is: ({ datagrams }) =>
      datagrams.every(({ flows }) => flows.every((flow) => sampledHeader(flow).header.length === 64)),
  },
  datagramBytes: {
    wire: true,
    ...alone("datagramBytes = 350"),
    is: ({ datagrams }) => datagrams.every(({ flows }) => flows.length < 2),
  },
  subAgentId: {
    wire: true,
    ...alone("subAgentId = 7"),
    is: ({ datagrams }) => datagrams.every(({ subAgent }) => subAgent === 7),
  },
  agentIP: { wire: true, from: OWN, to: "agentIP = 192.0.2.9", is: sentUnder("c0000209") },
  agent: { wire: true, from: OWN, to: "agent = lo", is: sentUnder("7f000001"), touches: ELECTION },
  "agent.cidr": { wire: true, from: OWN, to: "agent.cidr = 127.0.0.0/8", is: sentUnder("7f000001"), touches: ELECTION },
  uuid: { wire: true, from: `${OWN} polling = 1`, to: `${OWN} polling = 1 uuid = ${UUID}`, is: tells(UUID) },
  // Settings of blocks that are not implemented.
  refreshVMs: alone("refreshVMs = 90"),
  jsonPort: { from: `${OWN} json { }`, to: `${OWN} json { } jsonPort = 4005`, touches: UDP },
  jsonFIFO: {
    from: `${OWN} json { udpport = 4005 }`,
    to: `${OWN} json { udpport = 4005 } jsonFIFO = /run/nobody/json.fifo`,
    is: (seen) => block(seen, "json")?.report.obstacle?.includes("/run/nobody/json.fifo") === true,
    touches: UDP,
  },
  DNSSD: { ...alone("DNSSD = on"), is: (seen) => block(seen, "dns-sd") !== undefined, touches: UDP },
  DNSSD_domain: {
    from: `${OWN} DNSSD = on`,
    to: `${OWN} DNSSD = on DNSSD_domain = .lab.invalid`,
    is: asks("_sflow._udp.lab.invalid"),
    touches: UDP,
  },
};

const built = modules.filter(({ keyword, load }) => keyword !== null && load !== undefined);
const isBuilt = (keyword: string): boolean => built.some((module) => module.keyword === keyword);

const SPELLINGS = ["out", "on", "0.5", "25", "100", "1100", "/run/nowhere"];

/** A value other than the default. */
function spell({ shown, default: before, read }: Option<unknown>): string {
  const valid = (text: string): boolean => {
    try {
      read(text, before, "");
      return text !== shown;
    } catch {
      return false;
    }
  };
  return SPELLINGS.find(valid) ?? shown;
}

/** Accepted without effect: nothing at all may change. */
const inert = (key: string, option: Option<unknown>): Row => alone(`${key} = ${spell(option)}`);

const isInert = ({ ignored, moved }: Option<unknown>): boolean =>
  ignored !== undefined || (moved !== undefined && !isBuilt(moved.block));

/** By `sflow KEY`, the keyword of a block, and `KEYWORD KEY`: every key of the option tables. */
export function settingRows(folder: string): readonly (readonly [setting: string, row: Row | undefined])[] {
  const rows = blockRows(folder);
  const own = Object.entries<Option<unknown>>(sflowOptions).map(
    ([key, option]) => [`sflow ${key}`, sflow[key] ?? (isInert(option) ? inert(key, option) : undefined)] as const,
  );
  const blocks = built.flatMap(({ keyword, options }) => [
    [`${keyword}`, rows[`${keyword}`]] as const,
    ...Object.keys(options).map((key) => [`${keyword} ${key}`, rows[`${keyword} ${key}`]] as const),
  ]);
  return [...own, ...blocks];
}
