// Settings and collectors that a block discovered at run time, in DNS or in the database of a switch. They apply as if
// they were in the file.

export interface FoundCollector {
  /** A host name or an address. */
  readonly name: string;
  readonly port: number;
  /** The addresses of the name, the preferred one first; at least one. */
  readonly addresses: readonly string[];
}

export interface Found {
  /** Keys of sflow { }, such as `sampling=400`, which override the file. */
  readonly settings: readonly string[];
  /** Collectors in addition to those of the file. */
  readonly collectors: readonly FoundCollector[];
}

/** The discoveries of all blocks, by keyword. */
export type AllFound = Readonly<Record<string, Found>>;

/**
 * Replaces the discoveries of a block; undefined removes them. The change applies soon after, as after a reload.
 * Returns a line for each invalid setting; a key with an invalid setting keeps its previous value.
 */
export type LayOver = (found: Found | undefined) => readonly string[];
