// Every setting of a configuration: its value in the syntax of the file, and the line that sets it.

import { isDeepStrictEqual } from "node:util";
import type { Block, Written } from "../../config/block.ts";
import type { Option } from "../../config/option.ts";

export interface Setting {
  /** The key as in the file: `sampling.10G`, not `sampling.*`. */
  readonly key: string;
  /** Undefined if the setting is absent and has no default. */
  readonly value: string | undefined;
  /** Line in the file; undefined for a default. */
  readonly line: number | undefined;
}

export interface SettingsBlock {
  readonly keyword: string;
  readonly line: number;
  readonly settings: readonly Setting[];
  readonly blocks: readonly SettingsBlock[];
}

const baseOf = (key: string): string => (key.endsWith("*") ? key.slice(0, -1) : key);

/**
 * Formats a value. Numbers and switches are shown as parsed: 64M as 64000000. Other values are shown as in the file.
 */
function spell(value: unknown, { text }: Written): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "on" : "off";
  return text;
}

/** Returns the default as text; undefined if the option has no default, and `shown` in its table is only an example. */
function defaultOf({ default: value, shown, repeat, read }: Option<unknown>): string | undefined {
  const isDefault = value !== undefined && !repeat && shown !== "" && isDeepStrictEqual(read(shown, value, ""), value);
  return isDefault ? shown : undefined;
}

/** Returns the values of keys that begin with `base`, `sampling.`, in file order. */
const withSuffix = (written: Block["written"], base: string): Written[] =>
  [...written].flatMap(([key, values]) => values.filter(({ suffix }) => suffix !== "" && key === `${base}${suffix}`));

function settingsOf({ values, written }: Block, key: string, option: Option<unknown>): Setting[] {
  const found = key.endsWith("*") ? withSuffix(written, baseOf(key)) : (written.get(key) ?? []);
  if (found.length === 0) {
    const unset = option.ignored !== undefined || option.moved !== undefined || option.block !== undefined;
    return unset ? [] : [{ key, value: defaultOf(option), line: undefined }];
  }
  return found.map((one) => ({
    key: `${baseOf(key)}${one.suffix}`,
    value: spell(option.repeat ? undefined : values[key], one),
    line: one.at.line,
  }));
}

/** Returns the settings in the order of the option table, and the blocks in the order of the file. */
export function settingsBlock(block: Block): SettingsBlock {
  const { type, at, blocks, inner } = block;
  return {
    keyword: type.keyword,
    line: at.line,
    settings: Object.entries(type.options).flatMap(([key, option]) => settingsOf(block, key, option)),
    blocks: [...inner, ...blocks].map(settingsBlock),
  };
}
