// Converts text and simple Markdown to the format of manual pages. See man(7) and groff_man(7).

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

const code = (lines: readonly string[]): string[] => [".RS 4", ".nf", ...lines.map(escapeText), ".fi", ".RE"];

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
