// Changes texts at random. `below` returns a whole number, 0 <= n < limit.

const FRAGMENTS = [
  "{",
  "}",
  "=",
  ";",
  '"',
  '""',
  "#",
  "\n",
  "\r",
  " ",
  "\t",
  "sflow",
  "pcap {",
  "-1",
  "\u0000",
  "\u00a0",
  "]",
  "0x",
  "ip=",
];

/** Removes, repeats or moves a piece of the text, inserts a fragment, or cuts the end. */
export function mutate(text: string, below: (limit: number) => number): string {
  const at = below(text.length + 1);
  const end = Math.min(text.length, at + 1 + below(12));
  const ways = [
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at) + text.slice(end),
    () => text.slice(0, at) + (FRAGMENTS[below(FRAGMENTS.length)] ?? "") + text.slice(at),
    () => text.slice(0, end) + text.slice(at),
    () => text.slice(at, end) + text.slice(0, at) + text.slice(end),
    () => text.slice(0, at),
  ];
  return ways[below(ways.length)]?.() ?? text;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** Returns the word with one typing error: a letter left out, doubled or replaced, or two swapped. */
export function mistype(word: string, below: (limit: number) => number): string {
  const at = 1 + below(word.length - 1);
  const ways = [
    () => word.slice(0, at) + word.slice(at + 1),
    () => word.slice(0, at) + (word[at - 1] ?? "") + word.slice(at),
    () => word.slice(0, at) + (LETTERS[below(26)] ?? "") + word.slice(at + 1),
    () => word.slice(0, at - 1) + (word[at] ?? "") + (word[at - 1] ?? "") + word.slice(at + 1),
  ];
  return ways[below(ways.length)]?.() ?? word;
}
