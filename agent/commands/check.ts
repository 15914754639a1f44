// `hsflowd check [FILE]`: validates a configuration, for people and for scripts. Exit code 1 if the agent would not
// start.

import type { Format } from "../cli/parse-arguments.ts";
import { hasErrors, type Problem, problemLines } from "../config/error.ts";
import { modules } from "../modules/index.ts";
import { readConfiguration } from "../run/configuration.ts";
import { jsonText, linesText, type Printable } from "../text/printable.ts";
import type { CommandAnswer } from "./answer.ts";

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

function summary(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.length - errors;
  const parts = [
    errors === 0 ? "no errors" : counted(errors, "error"),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
  ];
  return parts.join(", ");
}

const problemsAsJson = (file: string, problems: readonly Problem[]): Printable => {
  const list = problems.map(({ at, ...rest }) => ({ ...rest, ...at }));
  return jsonText({ file, ok: !hasErrors(problems), problems: list });
};

/**
 * Checks the text of a file. If the text is undefined, `unreadable` says why the file cannot be read. `width` is that
 * of text for people.
 */
export function check(
  file: string,
  text: string | undefined,
  format: Format,
  unreadable = "no such file",
  width?: number,
): CommandAnswer {
  const none: Problem = {
    severity: "error",
    at: { line: 0, column: 0, length: 0 },
    message: unreadable,
  };
  const problems = text === undefined ? [none] : readConfiguration(text, modules).problems;
  const exitCode = hasErrors(problems) ? 1 : 0;
  if (format === "json") return { text: problemsAsJson(file, problems), exitCode };
  if (text === undefined) return { text: linesText([`${file}: error: ${none.message}`]), exitCode };
  return { text: linesText([...problemLines(file, text, problems, width), `${file}: ${summary(problems)}`]), exitCode };
}
