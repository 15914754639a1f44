// Parses resolv.conf as glibc does: name servers, search domains and options. See resolv.conf(5).

export interface ResolvConf {
  /** Addresses of name servers in the order of the file; 127.0.0.1 if it has none. */
  readonly servers: readonly string[];
  /** Search domains, without a dot at either end. */
  readonly search: readonly string[];
  /** Milliseconds to wait for the answer of one server. */
  readonly timeout: number;
  /** The number of queries to each server. */
  readonly attempts: number;
  /** True if queries are sent by TCP only. */
  readonly onlyTcp: boolean;
}

/** Largest number of name servers. glibc ignores further ones too. */
const MOST_SERVERS = 3;
const DEFAULT_TIMEOUT = 5;
const LONGEST_TIMEOUT = 30;
const DEFAULT_ATTEMPTS = 2;
const MOST_ATTEMPTS = 5;

export const withoutDots = (domain: string): string => domain.replace(/^\.+|\.+$/g, "");

function optionOf(words: readonly string[], name: string): number | undefined {
  const found = words.findLast((word) => word.startsWith(`${name}:`))?.slice(name.length + 1);
  return found !== undefined && /^\d+$/.test(found) ? Number(found) : undefined;
}

export function parseResolvConf(text: string): ResolvConf {
  const lines = text
    .split("\n")
    .filter((line) => !/^[#;]/.test(line))
    .map((line) => line.trim().split(/\s+/));
  const servers = lines.flatMap(([key, server]) => (key === "nameserver" && server !== undefined ? [server] : []));
  const [, ...domains] = lines.findLast(([key]) => key === "search" || key === "domain") ?? [];
  const options = lines.flatMap(([key, ...words]) => (key === "options" ? words : []));
  return {
    servers: servers.length === 0 ? ["127.0.0.1"] : servers.slice(0, MOST_SERVERS),
    search: domains.map(withoutDots).filter((domain) => domain !== ""),
    timeout: Math.min(Math.max(optionOf(options, "timeout") ?? DEFAULT_TIMEOUT, 1), LONGEST_TIMEOUT) * 1000,
    attempts: Math.min(Math.max(optionOf(options, "attempts") ?? DEFAULT_ATTEMPTS, 1), MOST_ATTEMPTS),
    onlyTcp: options.includes("use-vc"),
  };
}
