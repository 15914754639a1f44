// A line of hsflowd.conf as a command prints it, with a comment behind it.

/** Comments stand below one another, at `column`; the line is indented by `depth` steps. */
export const commentAt =
  (column: number) =>
  (depth: number, line: string, comment: string): string =>
    `${"  ".repeat(depth)}${line.padEnd(column - 2 * depth)} # ${comment}`;
