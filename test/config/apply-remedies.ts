// Applies the remedies of warnings to the text of a file, as a reader of the warnings would.

import { type Problem, quote } from "../../agent/config/error.ts";
import { type Token, tokenize } from "../../agent/config/token.ts";
import { modules } from "../../agent/modules/index.ts";
import { sflowType } from "../../agent/run/configuration.ts";

/** Replaces tokens `from` to `to`, inclusive. With `to` before `from`, inserts the text. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const root = sflowType(modules);
const aliases = new Map(
  [root, ...(root.blocks ?? [])].flatMap(({ options }) =>
    Object.entries(options).flatMap(([key, option]) =>
      (option.aliases ?? []).map((alias) => [alias.toLowerCase(), key.toLowerCase()] as const),
    ),
  ),
);

/** The present name of a key in lower case. */
const keyOf = (word: string): string => aliases.get(word.toLowerCase()) ?? word.toLowerCase();

class Text {
  readonly tokens: readonly Token[];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    this.tokens = tokenize(text);
  }

  at({ at }: Problem): number {
    return this.tokens.findIndex((token) => token.at.line === at.line && token.at.column === at.column);
  }

  on(line: number, word: string): number {
    const isIt = (token: Token) => token.at.line === line && keyOf(token.text) === keyOf(word);
    const index = this.tokens.findIndex(isIt);
    if (index < 0) throw new Error(`there is no ${word} on line ${line} of\n${this.#text}`);
    return index;
  }

  /** Removes a key with its value, or a block with its braces. */
  remove(key: number): Edit {
    let [to, depth] = [key + 1, 0];
    do {
      depth += this.tokens[to]?.kind === "{" ? 1 : this.tokens[to]?.kind === "}" ? -1 : 0;
    } while (depth > 0 && ++to < this.tokens.length);
    return { from: key, to, text: "" };
  }

  apply(edits: readonly Edit[]): string {
    const lines = this.#text.split("\n");
    const starts = lines.map((_, i) => lines.slice(0, i).reduce((sum, line) => sum + line.length + 1, 0));
    const place = (token: Token | undefined) => (starts[(token?.at.line ?? 1) - 1] ?? 0) + (token?.at.column ?? 1) - 1;
    const removed = edits.filter(({ text }) => text === "");
    const kept = edits.filter(
      (edit) => !removed.some((one) => one !== edit && one.from <= edit.from && edit.to <= one.to),
    );
    const once = removed.filter((one, i) => !removed.some((other, j) => j < i && other.from === one.from));
    const ordered = [...kept.filter((edit) => !removed.includes(edit)), ...once].toSorted(
      (a, b) => b.from - a.from || b.to - a.to,
    );
    return ordered.reduce((text, edit) => {
      const [first, last] = [this.tokens[edit.from], this.tokens[edit.to]];
      const begin = place(first);
      const end = edit.to < edit.from ? begin : place(last) + (last?.at.length ?? 0);
      return `${text.slice(0, begin)}${edit.text}${text.slice(end)}`;
    }, this.#text);
  }
}

type Read = (text: Text, problem: Problem, match: RegExpExecArray) => Edit[];

const nth = (match: RegExpExecArray, i: number): string => match[i] ?? "";

/** Every form of a remedy that changes a file. */
const FORMS: readonly (readonly [RegExp, Read])[] = [
  [/^remove it$/, (text, problem) => [text.remove(text.at(problem))]],
  [
    /^remove the one on line (\d+)$/,
    (text, problem, match) => {
      const word = text.tokens[text.at(problem)]?.text ?? "";
      return [text.remove(text.on(Number(match[1]), word))];
    },
  ],
  [
    /^remove it and (\S+) \{ \} on line (\d+)$/,
    (text, problem, match) => [text.remove(text.at(problem)), text.remove(text.on(Number(match[2]), nth(match, 1)))],
  ],
  [
    /^write (.+) inside (\S+) \{ \} on line (\d+) instead$/,
    (text, problem, match) => {
      const brace = text.on(Number(match[3]), nth(match, 2)) + 1;
      return [text.remove(text.at(problem)), { from: brace + 1, to: brace, text: ` ${nth(match, 1)} ` }];
    },
  ],
  [
    /^write ((\S+) = .+) on line (\d+), and remove it here$/,
    (text, problem, match) => {
      const there = text.on(Number(match[3]), nth(match, 2));
      return [text.remove(text.at(problem)), { ...text.remove(there), text: nth(match, 1) }];
    },
  ],
  [
    /^write (.+ \}) instead of (\S+)( and .+)?$/,
    (text, problem, match) => {
      const isFirst = text.tokens[text.at(problem)]?.text.toLowerCase() === nth(match, 2).toLowerCase();
      return [{ ...text.remove(text.at(problem)), text: isFirst ? nth(match, 1) : "" }];
    },
  ],
  [/^write (\S+)$/, (text, problem, match) => [{ from: text.at(problem), to: text.at(problem), text: nth(match, 1) }]],
];

function editsOf(text: Text, problem: Problem): Edit[] {
  const { remedy = "", message } = problem;
  const spelling = /^".*" is an older spelling of (\S+)$/.exec(message)?.[1];
  if (spelling !== undefined) return [{ from: text.at(problem), to: text.at(problem), text: spelling }];
  for (const [form, read] of FORMS) {
    const match = form.exec(remedy);
    if (match !== null) return read(text, problem, match);
  }
  if (/^(write|remove|replace|move|use) /.test(remedy))
    throw new Error(`this test cannot apply ${quote(remedy)} of ${quote(message)}`);
  return [];
}

/** Returns the text with all remedies applied. Throws for a remedy that tells to change the file in an unknown form. */
export function applyRemedies(source: string, problems: readonly Problem[]): string {
  const text = new Text(source);
  return text.apply(problems.filter(({ severity }) => severity === "warning").flatMap((one) => editsOf(text, one)));
}
