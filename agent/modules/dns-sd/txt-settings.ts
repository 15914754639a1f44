// Settings in TXT records, as strings `key=value`; the first string of a key counts. See RFC 6763, section 6.

/** Key of the format version. There is only one version. */
const VERSION = "txtvers";

export interface TxtSettings {
  /** `sampling=400`. Records are sorted first, because name servers change their order. */
  readonly lines: readonly string[];
  /** Strings that give a key a second time with another value; ignored. */
  readonly contradictions: readonly string[];
}

export function readTxtSettings(records: readonly (readonly string[])[]): TxtSettings {
  const strings = records
    .toSorted((a, b) => (a.join("\n") < b.join("\n") ? -1 : 1))
    .flat()
    .filter((text) => /^[^=]+=/.test(text));
  const lines = new Map<string, string>();
  const contradictions: string[] = [];
  for (const text of strings) {
    const key = text.slice(0, text.indexOf("=")).trim().toLowerCase();
    if (key === VERSION) continue;
    const before = lines.get(key);
    if (before === undefined) lines.set(key, text);
    else if (before !== text) contradictions.push(text);
  }
  return { lines: [...lines.values()], contradictions };
}
