// How much each part says: so many -d for all, one more with each SIGUSR2, and what a file says of single ones.
// hsflowd(8), -F.

/** hsflowd's name of a module and ours: `mod_dnssd` is dns-sd. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^mod_/, "")
    .replace(/[^a-z0-9]/g, "");

const ROOT = "root";

export class Levels {
  #debug: number;
  #named: ReadonlyMap<string, number> = new Map();

  /** How many `-d`: the first means no level, but the foreground. */
  constructor(debug: number) {
    this.#debug = Math.max(1, debug);
  }

  /** One level more for all that the file does not name: the level. */
  raise(): number {
    this.#debug++;
    return this.#debug - 1;
  }

  /** Lines `MODULE=LEVEL`, `_root` for what is no module's; the lines that are none are returned. */
  read(text: string): readonly string[] {
    const named = new Map<string, number>();
    const odd: string[] = [];
    for (const line of text.split("\n").map((row) => row.replace(/#.*/, "").trim())) {
      const [, name, level] = /^([\w-]+)\s*=\s*(\d{1,2})$/.exec(line) ?? [];
      if (name !== undefined) named.set(plain(name), Number(level));
      else if (line !== "") odd.push(line);
    }
    this.#named = named;
    return odd;
  }

  /** Messages of a level below this one are said. `part` is a module, or undefined for all that is none. */
  of(part: string | undefined): number {
    const level = this.#named.get(part === undefined ? ROOT : plain(part));
    return level === undefined ? this.#debug : level + 1;
  }
}
