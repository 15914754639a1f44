// Rows of a hex dump: an offset, bytes as hex digits, and often the same bytes as text. Printed by hexdump, xxd, od,
// tcpdump, tshark and Wireshark.

/** An offset and what follows it: nothing at the end of a dump of hexdump or od. */
const ROW = /^\s*(0x)?([0-9a-f]{4,16})(:)?(\s+.*)?$/i;
/** The first group of digits in a row. */
const GROUP = /^\s+(0x)?((?:[0-9a-f]{2})+)(?=[\s-]|$)/i;
/** hexdump and od print one line of a star for rows that repeat the row before. */
const REPEATED = /^\*\s*$/;
/** Rows that a star stands for may not make a dump longer than this. */
const MOST_BYTES = 1024 * 1024;
/** Bases of an offset in the order of likelihood; hexdump and tcpdump use 16, od 8, and `xxd -d` 10. */
const BASES = [16, 8, 10] as const;

interface Row {
  readonly offset: string;
  /** The line behind the offset. */
  readonly rest: string;
  /** True if a line of a star follows. */
  isRepeated: boolean;
}

export class HexRows {
  readonly #rows: Row[];
  #base = 0;
  /** The offset behind the last row, if it was printed. */
  #end: string | undefined;

  private constructor(first: Row) {
    this.#rows = [first];
  }

  /** Begins a dump if the line is a first row. Without a colon, an offset must differ from the digits behind it. */
  static begin(line: string): HexRows | undefined {
    const row = parse(line);
    if (row === undefined || row.rest === "") return undefined;
    const { offset, rest, hasColon, hasPrefix } = row;
    const [, prefix, group = ""] = GROUP.exec(rest) ?? [];
    if (group === "") return undefined;
    const isOffset =
      hasColon || (Number(`0x${offset}`) === 0 && (group.length !== offset.length || (hasPrefix && !prefix)));
    return isOffset ? new HexRows({ offset, rest, isRepeated: false }) : undefined;
  }

  /** Adds a line. Returns false if the line does not continue the dump. */
  accept(line: string): boolean {
    if (this.#end !== undefined) return false;
    if (REPEATED.test(line)) {
      this.#last.isRepeated = true;
      return true;
    }
    const row = parse(line);
    if (row === undefined || !this.#follows(row.offset)) return false;
    if (row.rest.trim() === "") this.#end = row.offset;
    else this.#rows.push({ offset: row.offset, rest: row.rest, isRepeated: false });
    return true;
  }

  /** Returns the bytes; undefined if a row has fewer digits than its offset and the next one say. */
  bytes(): Uint8Array[] | undefined {
    const lengths = this.#rows.map((_, i) => this.#length(i));
    const width = Math.max(...lengths.map((length) => length ?? 0));
    const parts: Uint8Array[] = [];
    let column = 0;
    for (const [i, { rest, isRepeated }] of this.#rows.entries()) {
      const isLast = i === this.#rows.length - 1;
      const length = lengths[i] ?? (isRepeated && width > 0 ? width : undefined);
      const row = length === undefined ? takeDigits(limit(rest, isLast ? column : 0)) : takeDigits(rest, length);
      if (length !== undefined && row.bytes.length < length) return undefined;
      parts.push(row.bytes);
      column = Math.max(column, row.column);
      if (isRepeated) parts.push(repeat(row.bytes, this.#distance(i) - row.bytes.length));
    }
    return [new Uint8Array(Buffer.concat(parts))];
  }

  get #last(): Row {
    return this.#rows.at(-1) as Row;
  }

  /** Tells whether the row at `offset` can come next: the last row has as many digits. */
  #follows(offset: string): boolean {
    const { rest, isRepeated } = this.#last;
    const most = takeDigits(rest).bytes.length;
    const least = takeDigits(limit(rest, 0)).bytes.length;
    const bases = this.#base === 0 ? BASES : ([this.#base] as const);
    const distances = bases.map((base) => Number.parseInt(offset, base) - Number.parseInt(this.#last.offset, base));
    const exact = distances.findIndex((distance) => distance === most || distance === least);
    const found = exact >= 0 ? exact : distances.findIndex((d) => d > 0 && d <= (isRepeated ? MOST_BYTES : most));
    if (found < 0) return false;
    this.#base = bases[found] ?? 16;
    return true;
  }

  /** Returns the number of bytes from row `i` to the next offset; NaN if there is none. */
  #distance(i: number): number {
    const next = this.#rows[i + 1]?.offset ?? this.#end ?? "";
    return Number.parseInt(next, this.#base) - Number.parseInt((this.#rows[i] as Row).offset, this.#base);
  }

  /** Returns the length of row `i` if the next offset tells it. */
  #length(i: number): number | undefined {
    const distance = this.#distance(i);
    return Number.isNaN(distance) || (this.#rows[i] as Row).isRepeated ? undefined : distance;
  }
}

interface Parsed {
  readonly offset: string;
  readonly rest: string;
  readonly hasPrefix: boolean;
  readonly hasColon: boolean;
}

function parse(line: string): Parsed | undefined {
  const match = ROW.exec(line);
  if (match === null) return undefined;
  const [, prefix, offset = "", colon, rest = ""] = match;
  return { offset, rest, hasPrefix: prefix !== undefined, hasColon: colon !== undefined };
}

/**
 * Cuts off the text of a row. It begins behind the last column of digits of the other rows, `column`. If that is not
 * known yet, it begins at a bar, or after two spaces.
 */
function limit(rest: string, column: number): string {
  if (column > 0) return rest.slice(0, column);
  const [bar] = /\s[|>]/.exec(rest) ?? [];
  return bar === undefined ? (/^\s*.*?(?=\s{2}|$)/.exec(rest)?.[0] ?? rest) : rest.slice(0, rest.indexOf(bar));
}

/** Reads pairs of digits, at most `most`. Returns the column behind them too. */
function takeDigits(text: string, most = Number.POSITIVE_INFINITY): { bytes: Uint8Array; column: number } {
  const pair = /[\s-]*(?:0x)?([0-9a-f]{2})/iy;
  const bytes: number[] = [];
  let column = 0;
  while (bytes.length < most) {
    const match = pair.exec(text);
    if (match === null) break;
    bytes.push(Number.parseInt(match[1] as string, 16));
    column = pair.lastIndex;
  }
  return { bytes: Uint8Array.from(bytes), column };
}

const repeat = (row: Uint8Array, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => row[i % row.length] as number);
