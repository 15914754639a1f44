// Parses counters of IPv4, ICMP, TCP and UDP. /proc/net/snmp: RFC 1213 and additions of Linux.

/** Values by group and name: `.get("Icmp")?.get("InDestUnreachs")`. They are signed: MaxConn of TCP is -1. */
export type NetSnmp = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * Parses two lines per group, names and then values. Kernels insert names in the middle (InCsumErrors is third in ICMP,
 * OutTransmits 20th in IP), so a value is found by its name, never by its position.
 */
export function parseNetSnmp(text: string): NetSnmp {
  const groups = new Map<string, ReadonlyMap<string, number>>();
  const names = new Map<string, readonly string[]>();
  for (const line of text.split("\n")) {
    const [group = "", ...words] = line.trim().split(/\s+/);
    const known = names.get(group);
    if (known === undefined) names.set(group, words);
    else groups.set(group.slice(0, -1), pair(known, words));
  }
  return groups;
}

function pair(names: readonly string[], words: readonly string[]): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const [i, word] of words.entries()) {
    const name = names[i];
    const value = Number(word);
    if (name !== undefined && Number.isFinite(value)) values.set(name, value);
  }
  return values;
}
