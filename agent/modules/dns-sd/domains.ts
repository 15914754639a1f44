// The domains in which the service may be: that of the file, or those that this host searches, or its own.

import { type ResolvConf, withoutDots } from "../../dns/resolv-conf.ts";

/** In the order in which they are asked, as resolver(3) has it. */
export function domainsOf(domain: string | undefined, { search }: Pick<ResolvConf, "search">, host: string): string[] {
  if (domain !== undefined) return [withoutDots(domain)];
  if (search.length > 0) return [...search];
  const dot = host.indexOf(".");
  return dot < 0 ? [] : [withoutDots(host.slice(dot))];
}

export const serviceIn = (domain: string): string => (domain === "" ? "_sflow._udp" : `_sflow._udp.${domain}`);
