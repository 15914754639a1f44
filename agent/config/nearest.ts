// Finds the word that was probably meant, by edit distance with transpositions (Damerau-Levenshtein, optimal string
// alignment).

/**
 * Longest word that is compared. No keyword is that long, so a longer word is not a typing error. The limit also bounds
 * the time, which grows with the square of the length.
 */
const LONGEST = 32;

function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap ? (before[j - 2] ?? 0) + 1 : change));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Returns the number of letters that may differ: half of a word of up to four letters, a third of a longer word. */
const largestDistance = (word: string): number => (word.length <= 4 ? word.length >> 1 : Math.ceil(word.length / 3));

/** Returns the nearest of `words`, ignoring case; undefined if none is near. Prefers earlier words if equally near. */
export function nearestWord<W extends string>(word: string, words: readonly W[]): W | undefined {
  if (word.length > LONGEST) return undefined;
  const plain = word.toLowerCase();
  let best: W | undefined;
  let least = largestDistance(word) + 1;
  for (const candidate of words) {
    const far = distanceOrPrefix(plain, candidate.toLowerCase());
    if (far >= least) continue;
    best = candidate;
    least = far;
  }
  return best;
}

/** Returns the edit distance; 1 if one word begins with the other and the shorter word has three letters or more. */
function distanceOrPrefix(word: string, candidate: string): number {
  const [short, long] = word.length < candidate.length ? [word, candidate] : [candidate, word];
  return short.length >= 3 && long.startsWith(short) ? 1 : distance(word, candidate);
}
