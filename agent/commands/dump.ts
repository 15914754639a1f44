// `hsflowd check --dump`: prints every setting with its value and the line it comes from. The output is a valid
// configuration.

import type { Format } from "../cli/parse-arguments.ts";
import { hasErrors, problemLines } from "../config/error.ts";
import { quoted } from "../config/token.ts";
import { modules } from "../modules/index.ts";
import { readBlocks } from "../run/configuration.ts";
import { jsonText, linesText } from "../text/printable.ts";
import type { CommandAnswer } from "./answer.ts";
import { check } from "./check.ts";
import { commentAt } from "./comment.ts";
import { type Setting, type SettingsBlock, settingsBlock } from "./dump/settings.ts";

const withComment = commentAt(44);

function settingLine({ key, value, line }: Setting, depth: number): string {
  if (value === undefined) return withComment(depth, `# ${key}`, "not given");
  return withComment(depth, `${key} = ${quoted(value)}`, line === undefined ? "default" : `line ${line}`);
}

const blockLines = ({ keyword, line, settings, blocks }: SettingsBlock, depth: number): string[] => [
  withComment(depth, `${keyword} {`, `line ${line}`),
  ...settings.map((setting) => settingLine(setting, depth + 1)),
  ...blocks.flatMap((block) => blockLines(block, depth + 1)),
  `${"  ".repeat(depth)}}`,
];

/** Prints the settings, and warnings on stderr. For a file with errors, prints the same as `hsflowd check`. */
export function dump(
  file: string,
  text: string | undefined,
  format: Format,
  unreadable?: string,
  width?: number,
): CommandAnswer {
  const { block, problems } = readBlocks(text ?? "", modules);
  if (text === undefined || block === undefined || hasErrors(problems)) {
    return check(file, text, format, unreadable, width);
  }
  const settings = settingsBlock(block);
  if (format === "json") return { text: jsonText({ file, ok: true, configuration: settings }), exitCode: 0 };
  const lines = [`# all settings of ${file}`, ...blockLines(settings, 0)];
  return { text: linesText(lines), problem: linesText(problemLines(file, text, problems, width)), exitCode: 0 };
}
