// Parses POSIX extended regular expressions, in which hsflowd's patterns are written, with the escapes of glibc. See
// regex(7).

import { type Reader, takeBracket } from "./posix-bracket.ts";

/** A part of a pattern. */
export type Part =
  /** One character, which `set` tests. */
  | { readonly kind: "character"; readonly set: RegExp }
  /** A condition on a position between two characters. */
  | { readonly kind: "position"; readonly holds: (text: string, at: number) => boolean }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Part[] }
  | { readonly kind: "repeat"; readonly part: Part; readonly min: number; readonly max: number }
  | { readonly kind: "group"; readonly number: number; readonly part: Part }
  /** The text that the group matched last. */
  | { readonly kind: "reference"; readonly number: number };

const isWord = (char: string | undefined): boolean => char !== undefined && /\w/.test(char);

const isBoundary = (text: string, at: number): boolean => isWord(text[at - 1]) !== isWord(text[at]);

const POSITIONS: Readonly<Record<string, (text: string, at: number) => boolean>> = {
  "^": (text, at) => at === 0 || text[at - 1] === "\n",
  $: (text, at) => at === text.length || text[at] === "\n",
  "\\`": (_, at) => at === 0,
  "\\'": (text, at) => at === text.length,
  "\\b": isBoundary,
  "\\B": (text, at) => !isBoundary(text, at),
  "\\<": (text, at) => isBoundary(text, at) && isWord(text[at]),
  "\\>": (text, at) => isBoundary(text, at) && isWord(text[at - 1]),
};

/** Largest count in braces that glibc accepts, RE_DUP_MAX. */
const MOST_REPEATS = 32_767;
/** Longest pattern. hsflowd reads at most 254 characters of a value. */
const LONGEST = 254;

interface State extends Reader {
  groups: number;
  /** Groups that can be referred to: those closed before this place, in the same branch of every choice. */
  closed: ReadonlySet<number>;
  /** The groups to which a reference refers. */
  readonly referred: Set<number>;
}

const literal = (char: string): Part => ({
  kind: "character",
  set: new RegExp(`^${char.replace(/[\\^$.*+?()[\]{}|]/, "\\$&")}$`),
});

/** After a backslash, a character without a meaning in glibc stands for itself. */
function takeEscape(state: State): Part {
  const char = state.text[state.at + 1];
  if (char === undefined) throw new SyntaxError("the pattern ends in a backslash");
  state.at += 2;
  const holds = POSITIONS[`\\${char}`];
  if (holds !== undefined) return { kind: "position", holds };
  if (/[wWsS]/.test(char)) return { kind: "character", set: new RegExp(`^\\${char}$`) };
  if (!/[1-9]/.test(char)) return literal(char);
  if (!state.closed.has(Number(char))) throw new SyntaxError(`\\${char} refers to a group that does not exist`);
  state.referred.add(Number(char));
  return { kind: "reference", number: Number(char) };
}

interface Count {
  readonly shown: string;
  readonly min: number;
  readonly max: number;
}

const MARKS: Readonly<Record<string, Count>> = {
  "*": { shown: "*", min: 0, max: Number.POSITIVE_INFINITY },
  "+": { shown: "+", min: 1, max: Number.POSITIVE_INFINITY },
  "?": { shown: "?", min: 0, max: 1 },
};

/** Reads `*`, `+`, `?` or `{n,m}`; undefined if the next item is none of these. */
function takeCount(state: State): Count | undefined {
  const char = state.text[state.at] ?? "";
  const mark = MARKS[char];
  if (mark !== undefined) state.at++;
  if (char !== "{") return mark;
  const match = /^\{(\d*)(,?)(\d*)\}/.exec(state.text.slice(state.at, state.at + 16));
  const [all = "", low = "", comma = "", high = ""] = match ?? [];
  if (match === null || (low === "" && comma === "")) throw new SyntaxError('"{" needs a count such as {2} or {1,3}');
  const [min, last] = [Number(low), Number(high)];
  if (high !== "" && last < min) throw new SyntaxError(`${all} has its minimum above its maximum`);
  if (Math.max(min, last) > MOST_REPEATS) throw new SyntaxError(`${all} repeats more than ${MOST_REPEATS} times`);
  state.at += all.length;
  return { shown: all, min, max: comma === "" ? min : high === "" ? Number.POSITIVE_INFINITY : last };
}

function takeGroup(state: State): Part {
  state.at++;
  const number = ++state.groups;
  const part = takeChoice(state, true);
  if (state.text[state.at] !== ")") throw new SyntaxError('"(" is never closed');
  state.at++;
  state.closed = new Set([...state.closed, number]);
  return { kind: "group", number, part };
}

/** Reads one item without its counts. */
function takeItem(state: State): Part {
  const char = state.text[state.at] ?? "";
  if (char === "[") return { kind: "character", set: new RegExp(`^${takeBracket(state)}$`) };
  if (char === "\\") return takeEscape(state);
  if (char === "(") return takeGroup(state);
  state.at++;
  const holds = POSITIONS[char];
  if (holds !== undefined) return { kind: "position", holds };
  return char === "." ? { kind: "character", set: /^[^\n]$/ } : literal(char);
}

/** A count may follow another count, a character or a group, but neither a position such as `^` nor the beginning. */
function takeSequence(state: State, isGroup: boolean): Part {
  const parts: Part[] = [];
  let repeatable: Part | undefined;
  while (state.at < state.text.length && state.text[state.at] !== "|") {
    if (isGroup && state.text[state.at] === ")") break;
    const count = takeCount(state);
    if (count !== undefined && repeatable === undefined)
      throw new SyntaxError(`"${count.shown}" has nothing to repeat`);
    const part: Part =
      count === undefined
        ? takeItem(state)
        : { kind: "repeat", part: parts.pop() as Part, min: count.min, max: count.max };
    parts.push(part);
    repeatable = part.kind === "position" ? undefined : part;
  }
  return { kind: "sequence", parts };
}

function takeChoice(state: State, isGroup: boolean): Part {
  const before = state.closed;
  const parts = [takeSequence(state, isGroup)];
  let closed = state.closed;
  while (state.text[state.at] === "|") {
    state.at++;
    state.closed = before;
    parts.push(takeSequence(state, isGroup));
    closed = new Set([...closed, ...state.closed]);
  }
  state.closed = closed;
  return { kind: "choice", parts };
}

/** A parsed pattern. */
export interface ParsedPattern {
  readonly part: Part;
  /** The group to which references refer; 0 if there is no reference. */
  readonly referred: number;
}

/** Throws SyntaxError with the reason if the text is not a pattern. */
export function parsePattern(text: string): ParsedPattern {
  if (text.length > LONGEST) throw new SyntaxError(`the pattern has more than ${LONGEST} characters`);
  const state: State = { text, at: 0, groups: 0, closed: new Set(), referred: new Set() };
  const part = takeChoice(state, false);
  if (state.referred.size > 1) throw new SyntaxError("references to more than one group are not supported");
  return { part, referred: [...state.referred][0] ?? 0 };
}
