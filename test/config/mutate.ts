// Changes texts at random from a seed, so that a failure can be repeated.

/** Returns a generator of whole numbers, 0 <= n < below. The algorithm is mulberry32. */
export function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

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
export function mutate(text: string, roll: (below: number) => number): string {
  const at = roll(text.length + 1);
  const end = Math.min(text.length, at + 1 + roll(12));
  const ways = [
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at) + text.slice(end),
    () => text.slice(0, at) + (FRAGMENTS[roll(FRAGMENTS.length)] ?? "") + text.slice(at),
    () => text.slice(0, end) + text.slice(at),
    () => text.slice(at, end) + text.slice(0, at) + text.slice(end),
    () => text.slice(0, at),
  ];
  return ways[roll(ways.length)]?.() ?? text;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** Returns the word with one typing error: a letter left out, doubled or replaced, or two swapped. */
export function mistype(word: string, roll: (below: number) => number): string {
  const at = 1 + roll(word.length - 1);
  const ways = [
    () => word.slice(0, at) + word.slice(at + 1),
    () => word.slice(0, at) + (word[at - 1] ?? "") + word.slice(at),
    () => word.slice(0, at) + (LETTERS[roll(26)] ?? "") + word.slice(at + 1),
    () => word.slice(0, at - 1) + (word[at] ?? "") + (word[at - 1] ?? "") + word.slice(at + 1),
  ];
  return ways[roll(ways.length)]?.() ?? word;
}
