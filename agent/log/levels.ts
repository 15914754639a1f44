// The debug level of each part of the agent: by the number of -d, one more with each SIGUSR2, or by a file of levels.
// hsflowd(8), -F.

/** Returns one key for both names of a module: `mod_dnssd` of hsflowd is dns-sd here. */
const keyOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^mod_/, "")
    .replace(/[^a-z0-9]/g, "");

const ROOT = "root";

export class Levels {
  #debug: number;
  #named: ReadonlyMap<string, number> = new Map();

  /** `debug` is the number of `-d`. The first adds no level: it means the foreground. */
  constructor(debug: number) {
    this.#debug = Math.max(1, debug);
  }

  /** Raises the level of all parts that the file does not name. Returns the new level. */
  raise(): number {
    this.#debug++;
    return this.#debug - 1;
  }

  /** Reads lines `MODULE=LEVEL`, where `_root` is everything outside the modules. Returns the invalid lines. */
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

  /** Returns the level below which messages are logged. `part` is a module, or undefined outside the modules. */
  of(part: string | undefined): number {
    const level = this.#named.get(part === undefined ? ROOT : keyOf(part));
    return level === undefined ? this.#debug : level + 1;
  }
}
