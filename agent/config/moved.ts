// Keys of older files that now belong in a block, such as `DNSSD` and `jsonPort` in sflow { }. As in hsflowd, a key
// applies only if its block is in force, and the later of two lines overrides the earlier.

import { type Block, newBlock, type Written } from "./block.ts";
import type { Problem } from "./error.ts";
import type { Moved, Option } from "./option.ts";
import { quoted, type Span } from "./token.ts";

/** A key of an older file, with its value as written and as parsed. */
interface OldKey {
  readonly key: string;
  readonly moved: Moved;
  /** Position of the key. */
  readonly at: Span;
  readonly written: Written;
  readonly value: unknown;
}

const isBefore = (a: Span, b: Span): boolean => a.line < b.line || (a.line === b.line && a.column < b.column);

function oldKeys({ type, given, written, values }: Block): OldKey[] {
  return Object.entries(type.options).flatMap(([key, { moved }]) => {
    const [at, last] = [given.get(key), written.get(key)?.at(-1)];
    return moved === undefined || at === undefined || last === undefined
      ? []
      : [{ key, moved, at, written: last, value: values[key] }];
  });
}

function warning({ key, moved, at }: OldKey, consequence: string, remedy: string | undefined): Problem {
  const place = moved.key === undefined ? "" : `${moved.key} in `;
  const message = `"${key}" is an older form of ${place}${moved.block} { }${consequence}`;
  return { severity: "warning", at, message, ...(remedy === undefined ? {} : { remedy }) };
}

const REMOVE = "remove it";

/** Tells whether `option` accepts the value, so that the value may be moved to it. */
function accepts(option: Option<unknown> | undefined, { text, suffix }: Written): boolean {
  try {
    option?.read(text, option.default, suffix);
    return option !== undefined;
  } catch {
    return false;
  }
}

/** Puts the value of an old key into its block. Returns the line that replaces the old key, `group = 5`. */
function adopt(home: Block, { moved, written, value }: OldKey): string | undefined {
  const name = moved.key ?? "";
  home.values[name] = value;
  home.written.set(name, [written]);
  return accepts(home.type.options[name], written) ? `${name} = ${quoted(written.text)}` : undefined;
}

/** Applies a key that belongs in a block of the file. */
function applyKey(old: OldKey, home: Block | undefined): Problem {
  const { moved, at } = old;
  if (home === undefined) return warning(old, `, and has no effect without ${moved.block} { }`, REMOVE);
  const own = home.given.get(moved.key ?? "");
  if (own !== undefined && isBefore(at, own)) return warning(old, `, and line ${own.line} overrides it`, REMOVE);
  const line = adopt(home, old);
  if (own === undefined)
    return warning(old, "", line && `write ${line} inside ${moved.block} { } on line ${home.at.line} instead`);
  return warning(
    old,
    `, and overrides line ${own.line}`,
    line && `write ${line} on line ${own.line}, and ${REMOVE} here`,
  );
}

/** Applies a key that stands for a whole block which is absent, `DNSSD = on`, and the keys of that block. */
function addBlock(sflow: Block, old: OldKey, keys: readonly OldKey[]): Problem[] {
  const type = sflow.type.blocks?.find(({ keyword }) => keyword === old.moved.block);
  if (type === undefined) return [];
  const home = newBlock(type, old.at);
  sflow.blocks.push(home);
  const lines = keys.map((key) => adopt(home, key));
  const body = lines.length === 0 ? "{ }" : `{ ${lines.join(" ")} }`;
  const names = [old, ...keys].map(({ key }) => key).join(" and ");
  const remedy = lines.includes(undefined) ? undefined : `write ${type.keyword} ${body} instead of ${names}`;
  return [old, ...keys].map((one) => warning(one, "", remedy));
}

/** Turns off a block that stands before `DNSSD = off`. */
function removeBlock(sflow: Block, old: OldKey, home: Block): Problem {
  sflow.blocks.splice(sflow.blocks.indexOf(home), 1);
  const where = `${home.type.keyword} { } on line ${home.at.line}`;
  return warning(old, `, and turns off ${where}`, `${REMOVE} and ${where}`);
}

function applyTo(sflow: Block, keyword: string, all: readonly OldKey[]): Problem[] {
  const home = sflow.blocks.find(({ type }) => type.keyword === keyword);
  const keys = all.filter(({ moved }) => moved.block === keyword && moved.key !== undefined);
  const whole = all.find(({ moved }) => moved.block === keyword && moved.key === undefined);
  if (whole !== undefined && whole.value === true && home === undefined) return addBlock(sflow, whole, keys);
  const isOff = whole !== undefined && whole.value !== true && home !== undefined && isBefore(home.at, whole.at);
  const ofWhole = whole === undefined ? [] : [isOff ? removeBlock(sflow, whole, home) : warning(whole, "", REMOVE)];
  return [...ofWhole, ...keys.map((key) => applyKey(key, isOff ? undefined : home))];
}

/** Applies the keys of older files in the outermost block. Returns a warning for each, with its replacement. */
export function applyOldKeys(sflow: Block): Problem[] {
  const all = oldKeys(sflow);
  return [...new Set(all.map(({ moved }) => moved.block))].flatMap((keyword) => applyTo(sflow, keyword, all));
}
