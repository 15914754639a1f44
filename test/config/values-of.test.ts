// The types that ValuesOf infers from a table of options. `tsc` checks them; running the test only builds the table.

import { expect, expectTypeOf, test } from "vitest";
import type { CidrRule } from "../../agent/config/address.ts";
import { address, cidrs } from "../../agent/config/address-option.ts";
import { fraction, integer, type Range, range } from "../../agent/config/number.ts";
import { nested, type Option, type Options, type ValuesOf } from "../../agent/config/option.ts";
import type { PosixRegex } from "../../agent/config/posix-regex.ts";
import { regex } from "../../agent/config/regex.ts";
import { uuid } from "../../agent/config/uuid.ts";
import { choice, device, onoff, path, text } from "../../agent/config/word.ts";

const NONE = { default: undefined };
const SMALL = { min: 0, max: 9 };

const everyKind: Option<ReadonlyMap<string, number>> = {
  type: "number by name",
  help: "accumulates",
  default: new Map(),
  shown: "",
  repeat: true,
  read: (value, before, name) => new Map([...before, [name, Number(value)]]),
};

const options = {
  integer: integer({ help: "has a default", default: 1, min: 0, max: 9 }),
  noInteger: integer({ help: "has none", default: undefined, min: 0, max: 9 }),
  spreadInteger: integer({ help: "takes its default and range from elsewhere", ...NONE, ...SMALL }),
  aliasedInteger: integer({ help: "has an alias", default: 1, min: 0, max: 9, aliases: ["old"] }),
  ignoredInteger: integer({ help: "is ignored", default: undefined, min: 0, max: 9, ignored: "for a reason" }),
  fraction: fraction({ help: "has a default", default: 0.5 }),
  noFraction: fraction({ help: "has none", default: undefined }),
  range: range({ help: "has none", default: undefined }),
  onoff: onoff({ help: "has a default", default: true }),
  noOnoff: onoff({ help: "has none", default: undefined }),
  movedOnoff: onoff({ help: "moved", default: false, moved: { block: "elsewhere" } }),
  text: text({ help: "has a default", default: "" }),
  noText: text({ help: "has none", default: undefined }),
  requiredAddress: address({ help: "is required", default: "", required: true }),
  device: device({ help: "has none", default: undefined }),
  path: path({ help: "has a default", default: "/run/x" }),
  choice: choice({ help: "has a default", default: "auto", words: ["auto", "ring", "libpcap"] }),
  uuid: uuid({ help: "has none", default: undefined }),
  regex: regex({ help: "has a default", pattern: "^eth" }),
  noRegex: regex({ help: "has none" }),
  cidrs: cidrs({ help: "accumulates", example: "10.0.0.0/8" }),
  "dotted.*": everyKind,
  "dotted.noted": { ...everyKind, note: () => ({ message: "a note" }) },
  port: nested("is a block", {
    dev: device({ help: "has a default", default: "" }),
    sampling: integer({ help: "has none", default: undefined, min: 0, max: 9 }),
  }),
};

type Values = ValuesOf<typeof options>;

test("an option table infers the type of every kind of value", () => {
  expectTypeOf<Values>().toEqualTypeOf<{
    readonly integer: number;
    readonly noInteger: number | undefined;
    readonly spreadInteger: number | undefined;
    readonly aliasedInteger: number;
    readonly ignoredInteger: number | undefined;
    readonly fraction: number;
    readonly noFraction: number | undefined;
    readonly range: Range | undefined;
    readonly onoff: boolean;
    readonly noOnoff: boolean | undefined;
    readonly movedOnoff: boolean;
    readonly text: string;
    readonly noText: string | undefined;
    readonly requiredAddress: string;
    readonly device: string | undefined;
    readonly path: string;
    readonly choice: "auto" | "ring" | "libpcap";
    readonly uuid: Uint8Array | undefined;
    readonly regex: PosixRegex;
    readonly noRegex: PosixRegex | undefined;
    readonly cidrs: readonly CidrRule[];
    readonly "dotted.*": ReadonlyMap<string, number>;
    readonly "dotted.noted": ReadonlyMap<string, number>;
    readonly port: readonly { readonly dev: string; readonly sampling: number | undefined }[];
  }>();
  expect(Object.keys(options)).toHaveLength(24);
});

test("Options<ValuesOf<table>> accepts the table itself", () => {
  const table: Options<Values> = options;
  expectTypeOf(options).toExtend<Options<Values>>();
  expect(table.integer.default).toBe(1);
});
