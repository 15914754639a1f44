// Formats a line of hsflowd.conf with a comment at its end.

/** Indents the line by `depth` steps and puts the comment at `column`. */
export const commentAt =
  (column: number) =>
  (depth: number, line: string, comment: string): string =>
    `${"  ".repeat(depth)}${line.padEnd(column - 2 * depth)} # ${comment}`;
