// What a block has found outside the file, in DNS or in the database of a switch: laid over the file, as if it stood
// there.

export interface FoundCollector {
  /** A host name, or an address. */
  readonly name: string;
  readonly port: number;
  /** Those of the name, the preferred one first; at least one. */
  readonly addresses: readonly string[];
}

export interface Found {
  /** `sampling=400`: keys of sflow { }, each before what the file says. */
  readonly settings: readonly string[];
  /** Beside those of the file. */
  readonly collectors: readonly FoundCollector[];
}

/** By the block that found it. */
export type AllFound = Readonly<Record<string, Found>>;

/**
 * Takes the place of what the same block found before; undefined takes it out. In force soon after, as after a reload.
 * Gives what is wrong with the settings, a line each: the value that a key had before is then kept.
 */
export type LayOver = (found: Found | undefined) => readonly string[];
