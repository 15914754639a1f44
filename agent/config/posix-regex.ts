// Translates POSIX extended regular expressions to JavaScript, so that patterns written for hsflowd match the same
// names here. See regex(7).

import { type Reader, takeBracket } from "./posix-bracket.ts";

/** The escapes that have a meaning in glibc. After a backslash, any other character stands for itself. */
const ESCAPES: Readonly<Record<string, string>> = {
  w: "\\w",
  W: "\\W",
  s: "\\s",
  S: "\\S",
  b: "\\b",
  B: "\\B",
  "<": "\\b(?=\\w)",
  ">": "\\b(?<=\\w)",
  "`": "^",
  "'": "$",
};

function takeEscape(reader: Reader, groups: number): string {
  const char = reader.text[reader.at + 1];
  if (char === undefined) throw new SyntaxError("the pattern ends in a backslash");
  reader.at += 2;
  if (!/[1-9]/.test(char)) return ESCAPES[char] ?? literal(char);
  if (Number(char) > groups) throw new SyntaxError(`\\${char} refers to a group that does not exist`);
  return `(?:\\${char})`;
}

/** Reads `*`, `+`, `?` or `{n,m}` and returns it for JavaScript; undefined if the next item is not a quantifier. */
function takeQuantifier(reader: Reader): string | undefined {
  const char = reader.text[reader.at] ?? "";
  if (char !== "" && "*+?".includes(char)) {
    reader.at++;
    return char;
  }
  if (char !== "{") return undefined;
  const match = /^\{(\d*)(,?)(\d*)\}/.exec(reader.text.slice(reader.at, reader.at + 16));
  const [all = "", low = "", comma = "", high = ""] = match ?? [];
  if (match === null || (low === "" && comma === "")) throw new SyntaxError('"{" needs a count such as {2} or {1,3}');
  if (high !== "" && Number(high) < Number(low)) throw new SyntaxError(`${all} has its minimum above its maximum`);
  reader.at += all.length;
  return `{${low === "" ? "0" : low}${comma}${high}}`;
}

const literal = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|]/, "\\$&");

/** The translation so far. `atom` is the index of the last atom in `parts`, or -1 if nothing can be repeated. */
interface Output {
  parts: string[];
  atom: number;
  repeated: boolean;
  opened: number[];
  groups: number;
}

function put(output: Output, part: string, isAtom: boolean): void {
  output.atom = isAtom ? output.parts.length : -1;
  output.repeated = false;
  output.parts.push(part);
}

/**
 * Adds a quantifier. POSIX allows two in a row, but JavaScript reads `a+?` as a lazy quantifier. So the atom with its
 * first quantifier is put into a group.
 */
function repeat(output: Output, quantifier: string): void {
  if (output.atom < 0) throw new SyntaxError(`"${quantifier}" has nothing to repeat`);
  const atom = output.parts.splice(output.atom).join("");
  output.parts.push(output.repeated ? `(?:${atom})${quantifier}` : `${atom}${quantifier}`);
  output.repeated = true;
}

function open(output: Output): void {
  output.opened.push(output.parts.length);
  output.groups++;
  put(output, "(", false);
}

/** Closes a group. A `)` without a `(` stands for itself. */
function close(output: Output): void {
  const opened = output.opened.pop();
  put(output, opened === undefined ? "\\)" : ")", true);
  output.atom = opened ?? output.atom;
}

function takeOne(reader: Reader, output: Output): void {
  const quantifier = takeQuantifier(reader);
  if (quantifier !== undefined) repeat(output, quantifier);
  else if (reader.text[reader.at] === "[") put(output, takeBracket(reader), true);
  else if (reader.text[reader.at] === "\\") put(output, takeEscape(reader, output.groups), true);
  else takeChar(reader.text[reader.at++] ?? "", output);
}

function takeChar(char: string, output: Output): void {
  if (char === "(") open(output);
  else if (char === ")") close(output);
  else if (char === "|" || char === "^" || char === "$") put(output, char, false);
  else put(output, char === "." ? char : literal(char), true);
}

/** Returns a pattern that is case-sensitive and may match anywhere in a name. Throws SyntaxError with the reason. */
export function posixRegex(text: string): RegExp {
  const reader: Reader = { text, at: 0 };
  const output: Output = { parts: [], atom: -1, repeated: false, opened: [], groups: 0 };
  while (reader.at < text.length) takeOne(reader, output);
  if (output.opened.length > 0) throw new SyntaxError('"(" is never closed');
  return new RegExp(output.parts.join(""));
}
