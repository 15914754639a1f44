// Translates bracket expressions of POSIX regular expressions, `[a-z[:digit:]_]`, to character classes of JavaScript
// regular expressions. See regex(7).

/** The characters of each class of glibc in the C locale, escaped for a JavaScript character class. */
const CLASSES: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "\\x21-\\x7e",
  lower: "a-z",
  print: "\\x20-\\x7e",
  punct: "!-\\/:-@\\[-`{-~",
  space: " \\t\\n\\v\\f\\r",
  upper: "A-Z",
  xdigit: "0-9A-Fa-f",
};

/** Escapes a character for use inside a character class, `[...]`, of a JavaScript regular expression. */
const member = (char: string): string => char.replace(/[\\\]^-]/, "\\$&");

/** A pattern and the position of the next character to read. */
export interface Reader {
  readonly text: string;
  at: number;
}

/** Reads a single character or one end of a range: a character, `[.x.]` or `[=x=]`. */
function takeMember(reader: Reader): string {
  const { text, at } = reader;
  const named = /^\[([.=])(.)\1\]/.exec(text.slice(at, at + 5));
  reader.at += named === null ? 1 : 5;
  return named?.[2] ?? text[at] ?? "";
}

function takeClass(reader: Reader): string | undefined {
  const match = /^\[:(\w*):\]/.exec(reader.text.slice(reader.at, reader.at + 12));
  if (match === null) return undefined;
  const members = CLASSES[match[1] ?? ""];
  if (members === undefined) throw new SyntaxError(`unknown class ${match[0]}`);
  reader.at += match[0].length;
  return members;
}

function takeRange(reader: Reader): string {
  const from = takeMember(reader);
  const { text, at } = reader;
  if (text[at] !== "-" || text[at + 1] === "]" || at + 1 >= text.length) return member(from);
  reader.at++;
  const to = takeMember(reader);
  if (to < from) throw new SyntaxError(`the range ${from}-${to} is empty`);
  return `${member(from)}-${member(to)}`;
}

/** Reads `[...]`. A backslash stands for itself, and so does a `]` that comes first. */
export function takeBracket(reader: Reader): string {
  reader.at++;
  const not = reader.text[reader.at] === "^" ? "^" : "";
  reader.at += not.length;
  let members = "";
  do {
    if (reader.at >= reader.text.length) throw new SyntaxError('"[" is never closed');
    members += takeClass(reader) ?? takeRange(reader);
  } while (reader.text[reader.at] !== "]");
  reader.at++;
  return `[${not}${members}]`;
}
