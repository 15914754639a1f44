// Settings in TXT records: `key=value`, the first of a key counts. RFC 6763, section 6.

/** Says which edition of these settings it is; there is one. */
const EDITION = "txtvers";

export interface TextSettings {
  /** `sampling=400`, in the order of the records sorted, for servers turn them round. */
  readonly lines: readonly string[];
  /** Keys that are given again with another value, which does not count. */
  readonly contradictions: readonly string[];
}

export function readText(records: readonly (readonly string[])[]): TextSettings {
  const strings = records
    .toSorted((a, b) => (a.join("\n") < b.join("\n") ? -1 : 1))
    .flat()
    .filter((text) => /^[^=]+=/.test(text));
  const lines = new Map<string, string>();
  const contradictions: string[] = [];
  for (const text of strings) {
    const key = text.slice(0, text.indexOf("=")).trim().toLowerCase();
    if (key === EDITION) continue;
    const before = lines.get(key);
    if (before === undefined) lines.set(key, text);
    else if (before !== text) contradictions.push(text);
  }
  return { lines: [...lines.values()], contradictions };
}
