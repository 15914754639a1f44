// POSIX extended regular expressions as JavaScript ones: what an operator wrote for hsflowd must match the same names.
// regex(7).

import { type Reader, takeBracket } from "./posix-bracket.ts";

/** What glibc understands after a backslash beyond a literal. */
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
  if (char === undefined) throw new SyntaxError("a backslash ends it");
  reader.at += 2;
  if (!/[1-9]/.test(char)) return ESCAPES[char] ?? literal(char);
  if (Number(char) > groups) throw new SyntaxError(`\\${char} names a group that is not there`);
  return `(?:\\${char})`;
}

/** `*`, `+`, `?` or `{n,m}` as JavaScript has it; undefined where none stands here. */
function takeRepeat(reader: Reader): string | undefined {
  const char = reader.text[reader.at] ?? "";
  if (char !== "" && "*+?".includes(char)) {
    reader.at++;
    return char;
  }
  if (char !== "{") return undefined;
  const match = /^\{(\d*)(,?)(\d*)\}/.exec(reader.text.slice(reader.at, reader.at + 16));
  const [all = "", low = "", comma = "", high = ""] = match ?? [];
  if (match === null || (low === "" && comma === "")) throw new SyntaxError('"{" wants a count such as {2} or {1,3}');
  if (high !== "" && Number(high) < Number(low)) throw new SyntaxError(`${all} counts backwards`);
  reader.at += all.length;
  return `{${low === "" ? "0" : low}${comma}${high}}`;
}

const literal = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|]/, "\\$&");

/** What has been translated, with where the last atom begins: -1 where there is nothing to repeat. */
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

/** POSIX repeats a repetition; JavaScript would read `a+?` as lazy, so it goes into a group. */
function repeat(output: Output, how: string): void {
  if (output.atom < 0) throw new SyntaxError(`"${how}" has nothing to repeat`);
  const atom = output.parts.splice(output.atom).join("");
  output.parts.push(output.repeated ? `(?:${atom})${how}` : `${atom}${how}`);
  output.repeated = true;
}

function open(output: Output): void {
  output.opened.push(output.parts.length);
  output.groups++;
  put(output, "(", false);
}

/** A `)` that closes nothing is itself. */
function close(output: Output): void {
  const opened = output.opened.pop();
  put(output, opened === undefined ? "\\)" : ")", true);
  output.atom = opened ?? output.atom;
}

function takeOne(reader: Reader, output: Output): void {
  const how = takeRepeat(reader);
  if (how !== undefined) repeat(output, how);
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

/** Not anchored, in its own case. Throws SyntaxError with the reason in words. */
export function posixRegex(text: string): RegExp {
  const reader: Reader = { text, at: 0 };
  const output: Output = { parts: [], atom: -1, repeated: false, opened: [], groups: 0 };
  while (reader.at < text.length) takeOne(reader, output);
  if (output.opened.length > 0) throw new SyntaxError('"(" is never closed');
  return new RegExp(output.parts.join(""));
}
