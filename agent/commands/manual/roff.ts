// Converts text and simple Markdown to the format of manual pages. See man(7), groff_man(7) and mandoc(1).

import { wrapText } from "../../text/wrap.ts";

/** Escapes backslashes and hyphens. Also escapes a dot or quote at the start of a line, which would begin a request. */
export const escapeText = (text: string): string =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/gm, "\\&$1");

/** Prints `code` and **words** in bold, and replaces a link by its text. */
export const inline = (text: string): string =>
  escapeText(text.replace(/\[([^\]]+)\]\([^)]+\)/g, "$1")).replace(/(`|\*\*)(.+?)\1/g, "\\fB$2\\fR");

export const section = (title: string): string => `.SH "${title.toUpperCase().replaceAll('"', "\\(dq")}"`;
export const subsection = (title: string): string => `.SS "${inline(title).replaceAll('"', "\\(dq")}"`;

/** Returns a term with its description. */
export const entry = (term: string, text: string): string[] => [".TP", `\\fB${escapeText(term)}\\fR`, inline(text)];

/** Returns commands or lines of a file, to be copied as they are. */
export const code = (lines: readonly string[]): string[] => [".RS 4", ".nf", ...lines.map(escapeText), ".fi", ".RE"];

/** Returns the cells of a Markdown table, row by row, without the heading. */
export function tableRows(lines: readonly string[]): string[][] {
  const cells = lines.map((line) =>
    line
      .replace(/^\||\|$/g, "")
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll("\\|", "|")),
  );
  return cells.slice(2);
}

type Kind = "heading" | "code" | "table" | "item" | "text" | "blank";

function kindOf(line: string, before: Kind): Kind {
  if (line.trim() === "") return "blank";
  if (/^#+ /.test(line)) return "heading";
  if (line.startsWith("|")) return "table";
  if (line.startsWith("- ")) return "item";
  return before === "item" ? "item" : "text";
}

interface Piece {
  readonly kind: Kind;
  readonly lines: string[];
}

/** Splits Markdown into pieces: headings, paragraphs, list entries, tables, fenced code. */
function pieces(markdown: string): Piece[] {
  const found: Piece[] = [];
  let fenced = false;
  for (const line of markdown.split("\n")) {
    const last = found.at(-1);
    if (line.startsWith("```")) {
      fenced = !fenced;
      found.push({ kind: fenced ? "code" : "blank", lines: [] });
      continue;
    }
    const kind = fenced ? "code" : kindOf(line, last?.kind ?? "blank");
    const joins = last?.kind === kind && kind !== "heading" && !(kind === "item" && line.startsWith("- "));
    if (joins) last.lines.push(line);
    else found.push({ kind, lines: [line] });
  }
  return found;
}

function render({ kind, lines }: Piece, table: (rows: readonly string[][]) => string[]): string[] {
  switch (kind) {
    case "heading":
      return [subsection((lines[0] ?? "").replace(/^#+ /, ""))];
    case "code":
      return code(lines);
    case "table":
      return table(tableRows(lines));
    case "item":
      return [".IP \\(bu 2", ...lines.map((line) => inline(line.replace(/^- /, "").trim()))];
    case "text":
      return [".PP", ...lines.map(inline)];
    case "blank":
      return [];
  }
}

/** Converts Markdown to requests of a manual page. `table` formats the rows of a table. */
export const fromMarkdown = (markdown: string, table: (rows: readonly string[][]) => string[]): string[] =>
  pieces(markdown).flatMap((piece) => render(piece, table));

/** Longest line of text, in bytes, on which mandoc(1) does not remark. */
const WIDTH = 80;

const ascii = (line: string): string =>
  line.replaceAll("\u00a0", "\\~").replace(/[^\0-~]/gu, (character) => {
    const digits = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `\\[u${digits}]`;
  });

/** Escapes what a line of text may not begin with, because it was inside a line before. */
const textLine = (line: string): string => line.replace(/^[.']/, "\\&$&");

/** Begins a line with each sentence, and breaks longer ones at blanks. */
const textLines = (line: string): string[] =>
  line
    .split(/(?<=[^.][.!?]\)?) (?=\S)/)
    .flatMap((sentence) => wrapText(sentence, WIDTH))
    .map(textLine);

/** Tells whether a paragraph that begins here would be empty, or is begun by the line before. */
const isIdleParagraph = (line: string, before: string | undefined, after: string | undefined): boolean =>
  line === ".PP" && (/^\.(SH|SS|PP)/.test(before ?? "") || /^\.(SH|SS|PP|TP|IP|RS)/.test(after ?? ""));

/** Makes a page of lines as mandoc(1) wants them. */
export function page(lines: readonly string[]): string {
  const all = lines.flatMap((line) => ascii(line).split("\n"));
  const kept = all.filter((line, i) => !isIdleParagraph(line, all[i - 1], all[i + 1]));
  let isCode = false;
  const output = kept.flatMap((line) => {
    if (line === ".nf" || line === ".fi") isCode = line === ".nf";
    return isCode || /^[.']/.test(line) ? [line] : textLines(line);
  });
  return `${output.join("\n")}\n`;
}
