// Generates etc/hsflowd.conf from the option tables: every key and block with its default, commented out. A test fails
// if the file is not up to date.

import type { BlockType } from "../config/block.ts";
import type { Option } from "../config/option.ts";
import { type ListedModule, modules } from "../modules/index.ts";
import { sflowType } from "../run/configuration.ts";
import { commentAt } from "./comment.ts";

const HEAD = `## hsflowd.conf: what this host reports, and where it sends it. To validate this file, run: hsflowd check
##
## Below are all settings and blocks, commented out, each with its default value, or with an [example] if it has no
## default. To use a line, remove its first #. Only collector { } is required.
`;

const withComment = commentAt(36);

/** Returns the comment of an option: its help and its type. For an integer, shows only the range. */
function explain({ help, type, default: value, required, repeat }: Option<unknown>): string {
  const rest = required ? "required" : repeat ? "repeatable" : value === undefined ? "example" : undefined;
  return `${help} [${[type.replace(/^integer /, ""), ...(rest === undefined ? [] : [rest])].join(", ")}]`;
}

function optionLines(key: string, option: Option<unknown>, depth: number): string[] {
  if (option.ignored !== undefined || option.moved !== undefined) return [];
  if (option.block !== undefined)
    return blockLines({ keyword: key, options: option.block, many: true }, option.help, depth);
  return [withComment(depth, `${option.shownKey ?? key} = ${option.shown}`, explain(option))];
}

const bodyLines = ({ options }: BlockType, depth: number): string[] =>
  Object.entries(options).flatMap(([key, option]) => optionLines(key, option, depth));

function blockLines(type: BlockType, help: string, depth: number): string[] {
  const body = bodyLines(type, depth + 1);
  const comment = type.many ? `${help} [repeatable]` : help;
  if (body.length === 0) return [withComment(depth, `${type.keyword} { }`, comment)];
  return [withComment(depth, `${type.keyword} {`, comment), ...body, `${"  ".repeat(depth)}}`];
}

const without = (help: string): string => `no effect, not implemented yet: ${help}`;

/** Sorts implemented blocks before blocks that are not implemented. */
const rank = ({ load }: ListedModule): number => (load === undefined ? 1 : 0);

/**
 * Returns the whole file. With the first `#` of each line removed, the file is a valid configuration with every key.
 */
export function sampleConfiguration(): string {
  const ordered = modules.toSorted((a, b) => rank(a) - rank(b));
  const blocks = ordered.flatMap(({ keyword, help, ...module }) =>
    keyword === null
      ? []
      : [
          [
            "",
            ...blockLines({ keyword, ...module }, module.load ? help : without(help), 0).map((line) => `  #${line}`),
          ],
        ],
  );
  const settings = bodyLines(sflowType([]), 0).map((line) => `  #${line}`);
  return `${[HEAD, "sflow {", ...settings, ...blocks.flat(), "}"].join("\n")}\n`;
}
