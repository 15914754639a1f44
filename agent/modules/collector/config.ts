// collector { }: destinations of the datagrams. See hsflowd.conf(5).

import { isLinkLocal, parseAddress } from "../../config/address.ts";
import { address } from "../../config/address-option.ts";
import { integer } from "../../config/number.ts";
import type { ValuesOf } from "../../config/option.ts";
import { choice, device, onoff, text } from "../../config/word.ts";
import type { FoundCollector } from "../../report/found.ts";
import { defineModule, type Repeat } from "../module.ts";

const options = {
  ip: address({
    help: "address or host name of the collector",
    default: "",
    required: true,
    example: "192.0.2.1",
    meantBy: ["address", "addr", "host", "hostname", "server", "collector", "target"],
  }),
  udpport: integer({ help: "UDP port of the collector", default: 6343, min: 1, max: 65535, meantBy: ["port"] }),
  dev: device({
    help: "interface or VRF to send through",
    default: undefined,
    example: "mgmt",
    meantBy: ["interface", "device", "iface", "nic", "source", "vrf"],
  }),
  namespace: text({ help: "network namespace to send from", default: undefined, example: "blue" }),
  samples: choice({
    help: "form of the samples; compact is for collectors that cannot read expanded ones",
    default: "expanded",
    words: ["expanded", "compact"],
  }),
  segmentation: onoff({
    help: "let the kernel split long messages into datagrams: cheaper, but captures on this host show the messages",
    default: false,
  }),
};

/** A collector of the file, or one that another block found. */
export type CollectorConfig = ValuesOf<typeof options> & {
  /** Addresses of the name `ip`, where the block that found the collector resolves it. Not a key of the file. */
  readonly addresses?: readonly string[];
};

const isNamed = (
  { ip, udpport, dev, namespace }: CollectorConfig,
  { name, port, addresses }: FoundCollector,
): boolean => udpport === port && dev === undefined && namespace === undefined && [name, addresses[0]].includes(ip);

/** Adds the collectors that `file` does not name: each gets one copy of a datagram. */
function withCollectors(file: readonly CollectorConfig[], found: readonly FoundCollector[]): CollectorConfig[] {
  const others = found.filter((collector) => !file.some((block) => isNamed(block, collector)));
  return [
    ...file,
    ...others.map(({ name, port, addresses }) => ({
      ip: name,
      udpport: port,
      dev: undefined,
      namespace: undefined,
      samples: "expanded" as const,
      segmentation: false,
      addresses,
    })),
  ];
}

/** A link-local address is unique only on its link. See RFC 4291, section 2.5.6. */
function unreachable({ ip, dev }: CollectorConfig): string | undefined {
  const bytes = parseAddress(ip);
  const lacksInterface = bytes !== undefined && isLinkLocal(bytes) && dev === undefined;
  return lacksInterface ? `${ip} is a link-local address and needs its interface, dev = INTERFACE` : undefined;
}

const sameDestination = (a: CollectorConfig, b: CollectorConfig): boolean =>
  a.ip.toLowerCase() === b.ip.toLowerCase() &&
  a.udpport === b.udpport &&
  a.dev === b.dev &&
  a.namespace === b.namespace;

function repeats(blocks: readonly CollectorConfig[]): Repeat[] {
  return blocks.flatMap((block, i) => {
    const other = blocks.findIndex((before) => sameDestination(before, block));
    const message = `${block.ip} port ${block.udpport} receives every datagram twice: it is also the collector on`;
    return other === i ? [] : [{ block: i, other, message, remedy: "keep only one of the two" }];
  });
}

export const collector = defineModule({
  keyword: "collector",
  help: "destination of the datagrams; every collector receives all of them",
  needs: [{ capability: "CAP_SYS_ADMIN", purpose: "enter the network namespace", option: "namespace" }],
  options,
  withCollectors,
  unreachable,
  repeats,
});
