// The word somebody probably meant. Edit distance with transpositions: Damerau-Levenshtein, optimal string alignment.

/** Longer than any keyword: such a word is not a typing error, and the table would grow with its square. */
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

/** Half of a short word may be wrong, a third of a long one. */
const tolerated = (word: string): number => (word.length <= 4 ? word.length >> 1 : Math.ceil(word.length / 3));

/** Of `words`, the one nearest to `word` in any case; undefined where none is near. The earlier wins a draw. */
export function nearestWord<W extends string>(word: string, words: readonly W[]): W | undefined {
  if (word.length > LONGEST) return undefined;
  const plain = word.toLowerCase();
  let best: W | undefined;
  let least = tolerated(word) + 1;
  for (const candidate of words) {
    const far = rank(plain, candidate.toLowerCase());
    if (far >= least) continue;
    best = candidate;
    least = far;
  }
  return best;
}

/** A beginning written out in full, or cut short after three letters, is as near as one wrong letter. */
function rank(word: string, candidate: string): number {
  const [short, long] = word.length < candidate.length ? [word, candidate] : [candidate, word];
  return short.length >= 3 && long.startsWith(short) ? 1 : distance(word, candidate);
}
