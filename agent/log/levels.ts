// The debug level of each module: from the number of -d, plus one with each SIGUSR2, or from a file of levels. See
// hsflowd(8), -F.

/** Returns the same key for hsflowd's name of a module and for the name here: `mod_dnssd` and `dns-sd`. */
const keyOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^mod_/, "")
    .replace(/[^a-z0-9]/g, "");

const ROOT = "root";

export class Levels {
  #debug: number;
  #named: ReadonlyMap<string, number> = new Map();

  /** `debug` is the number of `-d`. The first `-d` only means the foreground; each further one adds a level. */
  constructor(debug: number) {
    this.#debug = Math.max(1, debug);
  }

  /** Raises the level of all modules that the file of levels does not name. Returns the new level. */
  raise(): number {
    this.#debug++;
    return this.#debug - 1;
  }

  /** Parses lines `MODULE=LEVEL`; `_root` stands for all code outside the modules. Returns the invalid lines. */
  read(text: string): readonly string[] {
    const named = new Map<string, number>();
    const invalid: string[] = [];
    for (const line of text.split("\n").map((row) => row.replace(/#.*/, "").trim())) {
      const [, name, level] = /^([\w-]+)\s*=\s*(\d{1,2})$/.exec(line) ?? [];
      if (name !== undefined) named.set(keyOf(name), Number(level));
      else if (line !== "") invalid.push(line);
    }
    this.#named = named;
    return invalid;
  }

  /** Returns the level below which messages are logged. `part` is the name of a module; undefined for other code. */
  of(part: string | undefined): number {
    const level = this.#named.get(part === undefined ? ROOT : keyOf(part));
    return level === undefined ? this.#debug : level + 1;
  }
}
