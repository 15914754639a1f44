// The options of sflow { }, the outermost block of hsflowd.conf.

import { address, cidrs } from "../config/address-option.ts";
import { fraction, integer } from "../config/number.ts";
import type { Note, Option, ValuesOf } from "../config/option.ts";
import { uuid } from "../config/uuid.ts";
import { choice, device, onoff, path, text } from "../config/word.ts";
import { speedSpelling } from "./speed-name.ts";

const MOST = { min: 0, max: 10_000_000 };
const SECONDS = { min: 0, max: 300 };
const NONE = { default: undefined };
const FOLLOWED = "changes of interfaces are noticed at once, without scans";

/** Makes an option for a key that ends in `.*`: a map from the name after the dot to the last number given for it. */
function byName(number: Option<number>, shownKey: string, shown: string): Option<ReadonlyMap<string, number>> {
  const none: ReadonlyMap<string, number> = new Map();
  return {
    ...number,
    default: none,
    shown,
    shownKey,
    repeat: true,
    read(value, before, name) {
      const one = number.read(value, 0, name);
      const all = before === none ? new Map<string, number>() : (before as Map<string, number>);
      return all.set(name, one);
    },
    note: (value: string, name: string) => number.note?.(value, name),
  };
}

/** Warns about a name such as `10g` in `sampling.10g`: it is read as an application, so no interface has this rate. */
function noteSpeed(name: string): Note | undefined {
  const spelling = speedSpelling(name);
  if (spelling === undefined) return undefined;
  return { message: `"${name}" is read as the name of an application; for that speed write sampling.${spelling}` };
}

const samplingByName = byName(
  integer({ help: "1-in-N by speed (100M, 1G, 2G for 2.5 Gb/s, 10G) or application", default: 0, ...MOST }),
  "sampling.10G",
  "10000",
);

const oldGroup = (block: string, max: number): Option<number | undefined> =>
  integer({ help: `group of ${block} { }`, moved: { block, key: "group" }, min: 1, max, ...NONE });

const oldProbability = (block: string): Option<number | undefined> =>
  fraction({ help: `probability of ${block} { }`, moved: { block, key: "probability" }, ...NONE });

const agentIP = address({
  help: "agent address, even if this host does not have it",
  example: "192.0.2.2",
  ...NONE,
});

/** Removes the zone of `fe80::1%eth0`, which has a meaning on this host only. */
const withoutZone = (text: string | undefined): string | undefined => text?.split("%")[0];

export const sflowOptions = {
  polling: integer({
    help: "seconds between samples of counters; 0 is off",
    default: 30,
    aliases: ["counterPollingInterval"],
    meantBy: ["interval", "poll", "counters"],
    ...SECONDS,
  }),
  "polling.*": byName(
    integer({ help: "seconds between counters of an application", default: 0, ...SECONDS }),
    "polling.app.web",
    "20",
  ),
  sampling: integer({
    help: "1-in-N for interfaces of unknown speed and applications; 0 is off",
    default: 400,
    aliases: ["packetSamplingRate"],
    meantBy: ["rate", "ratio", "sample"],
    ...MOST,
  }),
  "sampling.bps_ratio": integer({
    help: "N of 1-in-N is bit/s divided by this; 0: use sampling; default: 1000000, but N at least 100",
    example: "1000000",
    ...NONE,
    ...MOST,
  }),
  "sampling.limit": integer({
    help: "most samples a second of an interface; above, N is doubled until a reload; 0 is no limit",
    default: 0,
    ...MOST,
  }),
  "sampling.*": {
    ...samplingByName,
    note: (value: string, name: string) => noteSpeed(name) ?? samplingByName.note?.(value, name),
  },
  headerBytes: integer({ help: "most bytes of a packet header to send", default: 128, min: 0, max: 256 }),
  datagramBytes: integer({ help: "most bytes of a datagram", default: 1400, min: 200, max: 8192 }),
  agent: device({ help: "interface with the agent address; default: elected", example: "eth0", ...NONE }),
  agentIP: { ...agentIP, read: (value: string) => withoutZone(agentIP.read(value, undefined, "")) },
  "agent.cidr": cidrs({
    help: "prefix of addresses to elect as agent address, or with ! to exclude; the first match applies",
    example: "192.0.2.0/24",
  }),
  subAgentId: integer({ help: "distinguishes several agents of one host", default: 100_000, min: 0, max: 199_999 }),
  uuid: uuid({
    help: "UUID of this host; default: UUID of the machine",
    example: "00112233-4455-6677-8899-aabbccddeeff",
    ...NONE,
  }),
  modules: path({ help: "folder of modules", ignored: "modules are part of the agent", ...NONE }),
  refreshAdaptors: integer({
    help: "seconds between full scans of the interfaces",
    default: 180,
    ignored: FOLLOWED,
    min: 60,
    max: 3600,
  }),
  checkAdaptors: integer({
    help: "seconds between quick scans of the interfaces",
    default: 10,
    ignored: FOLLOWED,
    min: 1,
    max: 3600,
  }),
  refreshVMs: integer({ help: "seconds between scans for virtual machines", default: 60, min: 60, max: 3600 }),
  forgetVMs: integer({
    help: "seconds after which a missing virtual machine is forgotten",
    default: 180,
    ignored: "a missing virtual machine is forgotten at once",
    min: 60,
    max: 4_294_967_295,
  }),
  loopback: onoff({ help: "count the loopback", ignored: "interfaces to sample are chosen in pcap { }", ...NONE }),
  samplingDirection: choice({
    help: "direction of sampling",
    default: "in",
    words: ["in", "out", "both"],
    ignored: "each block that samples packets has its own setting or direction",
  }),
  DNSSD: onoff({ help: "as dns-sd { }", default: false, moved: { block: "dns-sd" } }),
  DNSSD_domain: text({ help: "domain of dns-sd { }", moved: { block: "dns-sd", key: "domain" }, ...NONE }),
  "xen.update.dominfo": onoff({ help: "as in xen { }", moved: { block: "xen", key: "update.dominfo" }, ...NONE }),
  "xen.dsk": onoff({ help: "as in xen { }", moved: { block: "xen", key: "dsk" }, ...NONE }),
  ulogGroup: oldGroup("ulog", 32),
  ulogProbability: oldProbability("ulog"),
  nflogGroup: oldGroup("nflog", 4_294_967_295),
  nflogProbability: oldProbability("nflog"),
  jsonPort: integer({
    help: "port of json { }",
    moved: { block: "json", key: "udpport" },
    min: 1025,
    max: 65535,
    ...NONE,
  }),
  jsonFIFO: path({ help: "pipe of json { }", moved: { block: "json", key: "fifo" }, ...NONE }),
};

/** The values of sflow { } without its blocks. */
export type SflowConfig = ValuesOf<typeof sflowOptions>;
