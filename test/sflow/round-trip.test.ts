// Round trips of every record of the catalog with random values, and of the four vectors byte for byte.

import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { decodeDatagram } from "../../agent/sflow/decode.ts";
import { counterTypes, flowTypes } from "../../agent/sflow/records/catalog.ts";
import { Cursor } from "../../agent/xdr/cursor.ts";
import { seededRandom } from "../seeded-random.ts";
import { body, countersSample, datagram, flowSample, item } from "./build.ts";
import { encodeDatagram } from "./encode.ts";
import { randomValue } from "./random-value.ts";
import { fromHex, toHex, vectors } from "./vectors.ts";

describe("I-18 a decoded datagram encodes to the same bytes", () => {
  it.each(Object.entries(vectors))("vector %s", (_, hex) => {
    const { datagram: value, problems } = decodeDatagram(fromHex(hex));
    expect(problems).toEqual([]);
    expect(toHex(encodeDatagram(value as NonNullable<typeof value>))).toBe(hex.replaceAll("\n", ""));
  });
});

describe("I-18 an encoded record decodes to the same values", () => {
  it.each([...flowTypes, ...counterTypes].map((type) => [type.name, type] as const))("%s", (name, type) => {
    for (let seed = 1; seed <= 40; seed++) {
      const value = randomValue(type, seededRandom(seed));
      const bytes = body(type, value);
      const cursor = new Cursor(bytes);
      const again = type.take(cursor);
      expect(cursor.left, `${name} with seed ${seed} leaves bytes`).toBe(0);
      expect(bytes.length & 3).toBe(0);
      if (!isDeepStrictEqual(again, value)) expect(again, `${name} with seed ${seed}`).toEqual(value);
    }
  });

  it("all of them, as records of one datagram", () => {
    const random = seededRandom(7);
    const counters = counterTypes.map((type) => item(type.format, body(type, randomValue(type, random))));
    const flows = flowTypes.map((type) => item(type.format, body(type, randomValue(type, random))));
    const bytes = datagram([countersSample(counters), flowSample(flows)]);
    const { datagram: value, problems } = decodeDatagram(bytes);
    expect(problems).toEqual([]);
    expect(toHex(encodeDatagram(value as NonNullable<typeof value>))).toBe(toHex(bytes));
  });
});

it("lists every record once, in the order of its data format", () => {
  for (const types of [flowTypes, counterTypes] as const) {
    const formats = types.map((type) => type.format);
    expect(formats).toEqual([...new Set(formats)].sort((a, b) => a - b));
  }
});
