// Explains to an operator why a datagram did not reach its collector, with a remedy after a semicolon.

import type { Interfaces } from "../../interfaces/adaptor.ts";
import type { CollectorConfig } from "./config.ts";
import { describeAnswer, describeRefusal, lacksInterface } from "./refusal.ts";

export interface Failure {
  /** Name of the errno. */
  readonly error: string;
  /** An ICMP error came as an answer. Otherwise the kernel refused to send. */
  readonly answered: boolean;
}

/** Returns a hint at interfaces that are up but have no link; empty if there are none. */
function linkHint(interfaces: Interfaces): string {
  const idle = interfaces.all().filter(({ adminUp, operUp, loopback }) => adminUp && !operUp && !loopback);
  return idle.length === 0 ? "" : `; or check the cable of ${idle.map(({ name }) => name).join(", ")}: up, but no link`;
}

/** Returns ip(8) for the family and the network namespace of a collector. */
function ipCommand({ ip, namespace }: CollectorConfig): string {
  const command = ip.includes(":") ? "ip -6" : "ip";
  if (namespace === undefined) return command;
  return namespace.startsWith("/")
    ? `nsenter --net=${namespace} ${command}`
    : command.replace("ip", `ip -n ${namespace}`);
}

function remedyForRefusal(error: string, config: CollectorConfig, interfaces: Interfaces): string | undefined {
  const { ip } = config;
  const command = ipCommand(config);
  const routes = (type: string) =>
    `${command} route show table all type ${type} lists such routes, and ${command} rule such rules`;
  switch (error) {
    case "ENETUNREACH":
      return `run ${command} route get ${ip}, then ${command} route add ${ip} via GATEWAY${linkHint(interfaces)}`;
    case "EHOSTUNREACH":
      return routes("unreachable");
    case "EPERM":
      return "iptables -vnL OUTPUT or nft list ruleset shows the rule";
    case "EACCES":
      return `use the address of a host; ${routes("prohibit")}`;
    case "EINVAL":
      return lacksInterface(config) ? `write collector { ip=${ip} dev=INTERFACE }` : routes("blackhole");
    case "EADDRNOTAVAIL":
      return `${command} address shows the addresses of this host`;
    default:
      return undefined;
  }
}

function remedyForAnswer(error: string, config: CollectorConfig, interfaces: Interfaces): string | undefined {
  const { ip } = config;
  const command = ipCommand(config);
  const next = `${command} route get ${ip} shows the next hop, ${command} neigh shows whether it answers`;
  if (error === "EHOSTUNREACH") return `${next}${linkHint(interfaces)}`;
  return error === "ENETUNREACH" ? `traceroute ${ip} shows the router` : undefined;
}

/** Explains a failure. */
export function explainFailure({ error, answered }: Failure, config: CollectorConfig, interfaces: Interfaces): string {
  const { udpport, namespace } = config;
  if (error === "ECONNREFUSED")
    return `nothing is listening on port ${udpport} there; start the collector, or correct udpport`;
  if (error === "ENOENT" && namespace !== undefined)
    return `there is no network namespace ${namespace}; run ip netns add ${namespace}, or correct the name`;
  const meaning = answered ? describeAnswer(error) : describeRefusal(error, config);
  const remedy = (answered ? remedyForAnswer : remedyForRefusal)(error, config, interfaces);
  return `${meaning}${remedy === undefined ? "" : `; ${remedy}`}`;
}
