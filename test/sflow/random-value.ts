// Makes random values of all types in the tables, for round-trip tests. Prefers extreme values.

import type { Struct } from "../../agent/xdr/struct.ts";
import type { ArrayType, Type } from "../../agent/xdr/type.ts";
import type { Random } from "../seeded-random.ts";

const EDGES_32 = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];
const EDGES_64 = [0, 1, 0xffff_ffff, 0x1_0000_0000, Number.MAX_SAFE_INTEGER, 2n ** 53n, 2n ** 53n + 1n, 2n ** 64n - 2n];
const CHARACTERS = [...'abc xyz019.-_/"\\{}\n', "é", "ж", "漢", "🦊"];

const uint32 = (random: Random): number => (random.below(3) === 0 ? random.pick(EDGES_32) : random.uint32());
const uint64 = (random: Random): number | bigint =>
  random.below(2) === 0 ? random.pick(EDGES_64) : random.uint32() * 0x10_0000 + random.below(0x10_0000);
const maybe = <T>(random: Random, value: T): T | undefined => (random.below(4) === 0 ? undefined : value);

function randomString(random: Random, limit: number): string {
  let value = "";
  const wanted = random.below(limit + 1);
  for (;;) {
    const longer = value + random.pick(CHARACTERS);
    if (Buffer.byteLength(longer) > wanted) return value;
    value = longer;
  }
}

/** Returns a random address. Never returns an IPv4-mapped one, because it is encoded as IPv4. */
const randomAddress = (random: Random): Uint8Array =>
  random.below(2) === 0 ? random.bytes(4) : Uint8Array.from([0x20, ...random.bytes(15)]);

const byName: Readonly<Record<string, (random: Random) => unknown>> = {
  "unsigned int": uint32,
  "unsigned int, saturating": uint32,
  "unsigned int or unknown": (random) => maybe(random, random.below(0xffff_ffff)),
  int: (random) => uint32(random) | 0,
  "unsigned hyper": uint64,
  counter32: (random) => maybe(random, Math.min(uint32(random), 0xffff_fffe)),
  counter64: (random) => maybe(random, uint64(random)),
  percentage: (random) => maybe(random, random.below(10_001)),
  "load average": (random) => maybe(random, Math.fround(random.below(100_000) / 100)),
  float: (random) => Math.fround(random.uint32() / 1000),
  double: (random) => random.uint32() / 1000,
  mac: (random) => random.bytes(6),
  ip_v4: (random) => random.bytes(4),
  ip_v6: (random) => random.bytes(16),
  address: randomAddress,
};

/** Throws for a type that it does not know, so that a new primitive cannot remain untested. */
export function randomValue(type: Type<unknown>, random: Random): unknown {
  if ("fields" in type) return randomStruct(type as Struct<object>, random);
  if ("element" in type) return randomArray(type as ArrayType<unknown>, random);
  const rule = byName[type.name];
  if (rule !== undefined) return rule(random);
  const [, kind, limit] = /^(string|opaque)[<[](\d*)[>\]]$/.exec(type.name) ?? [];
  if (kind === "string") return randomString(random, Number(limit || 100));
  if (type.name.endsWith("]") && kind === "opaque") return random.bytes(Number(limit));
  if (kind === "opaque") return random.bytes(random.below(Number(limit || 200)));
  throw new Error(`no rule for a random ${type.name}`);
}

const randomStruct = ({ fields }: Struct<object>, random: Random): unknown =>
  Object.fromEntries(
    Object.entries(fields).map(([field, type]) => [field, randomValue(type as Type<unknown>, random)]),
  );

const randomArray = ({ element }: ArrayType<unknown>, random: Random): unknown =>
  Array.from({ length: random.below(5) }, () => randomValue(element, random));
