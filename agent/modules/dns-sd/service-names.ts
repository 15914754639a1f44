// The names at which to look up the SRV records: _sflow._udp in the domain of the file, or in the search list of this
// host, or in its own domain.

import { type ResolvConf, withoutDots } from "../../dns/resolv-conf.ts";

/** Returns the domains in the order of resolver(3); none if this host has no domain. */
function domainsOf(domain: string | undefined, search: readonly string[], host: string): string[] {
  if (domain !== undefined) return [withoutDots(domain)];
  if (search.length > 0) return [...search];
  const dot = host.indexOf(".");
  return dot < 0 ? [] : [withoutDots(host.slice(dot))];
}

/** `domain` is that of the file, `host` the name of this host. */
export const serviceNames = (
  domain: string | undefined,
  { search }: Pick<ResolvConf, "search">,
  host: string,
): string[] => domainsOf(domain, search, host).map((one) => (one === "" ? "_sflow._udp" : `_sflow._udp.${one}`));
