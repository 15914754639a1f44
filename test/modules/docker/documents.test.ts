// Dividing answers of the engine into documents, wherever the parts of an answer end.

import { describe, expect, it } from "vitest";
import { WorkQueue } from "../../../agent/host/work-queue.ts";
import { documentsOf, ElementSplitter, readText, splitLines } from "../../../agent/modules/docker/documents.ts";
import { makeFakeClock } from "../../fakes/clock.ts";

describe("lines of a stream", () => {
  const split = (limit: number, ...parts: string[]) => {
    const bad: string[] = [];
    const feed = splitLines((line) => bad.push(line), limit);
    return { lines: parts.flatMap(feed), bad };
  };

  it("are complete wherever the parts end", () => {
    expect(split(100, "on", "e\ntw", "o\n\n", "three\nfo").lines).toEqual(["one", "two", "three"]);
  });

  it("are dropped completely if they are too long", () => {
    expect(split(4, "12345678", "9abc", "def\nok\n")).toEqual({ lines: ["ok"], bad: ["12345678"] });
  });

  it("are dropped if they are too long and in one part", () => {
    expect(split(4, "123456\nok\n")).toEqual({ lines: ["ok"], bad: ["123456"] });
  });
});

describe("elements of a list", () => {
  const list = [{ a: "]},{[", b: '\\"' }, [1, [2, 3]], "x,y", 7, {}, null];
  const text = ` ${JSON.stringify(list, undefined, 1)}\n`;

  function split(parts: readonly string[], limit?: number) {
    const bad: string[] = [];
    const splitter = new ElementSplitter((element) => bad.push(element), limit);
    const elements = parts.flatMap((part) => splitter.split(part));
    return { elements, bad, complete: splitter.complete };
  }

  it("are complete wherever the parts end", () => {
    for (let size = 1; size <= text.length; size++) {
      const parts = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.slice(i * size, (i + 1) * size),
      );
      const { elements, complete } = split(parts);
      expect([elements.map((element) => JSON.parse(element)), complete], `parts of ${size}`).toEqual([list, true]);
    }
  });

  it("are none in an empty list", () => {
    expect(split(["[", " ", "]"])).toEqual({ elements: [], bad: [], complete: true });
  });

  it("are incomplete if the text ends within the list", () => {
    expect(split(["[1,2"])).toMatchObject({ elements: ["1"], complete: false });
  });

  it("are dropped if they are too long, and later ones are read", () => {
    expect(split(['["123', "4567", '890",1]'], 6)).toEqual({ elements: ["1"], bad: ['"1234567'], complete: true });
  });

  it.each(["{}", "<html>", '"[1]"', "null"])("are none in %s, which is no list", (other) => {
    expect(() => split([other])).toThrow("the engine's answer is not a list of containers");
  });
});

async function* parts(...texts: (string | Uint8Array)[]) {
  for (const text of texts) yield typeof text === "string" ? Buffer.from(text) : text;
}

describe("a body", () => {
  const queue = new WorkQueue(makeFakeClock());

  it("may end a part within a character", async () => {
    const bytes = Buffer.from("ä\nö\n");
    const documents: string[] = [];
    const body = parts(bytes.subarray(0, 1), bytes.subarray(1, 4), bytes.subarray(4));
    for await (const document of documentsOf(
      body,
      splitLines(() => undefined),
      queue,
    ))
      documents.push(document);
    expect(documents).toEqual(["ä", "ö"]);
  });

  it("is read in slices of five milliseconds, between which others have their turn", async () => {
    const state = { uptime: 0, turns: 0 };
    const turn = (): void => {
      state.turns++;
      immediate = setImmediate(turn);
    };
    let immediate = setImmediate(turn);
    const after = (milliseconds: number, callback: () => void) => {
      setImmediate(() => {
        state.uptime += milliseconds;
        callback();
      });
      return { cancel: () => undefined };
    };
    const busy = new WorkQueue({ uptime: () => state.uptime, after });
    let documents = 0;
    for await (const _ of documentsOf(
      parts("x\n".repeat(50)),
      splitLines(() => undefined),
      busy,
    )) {
      documents++;
      state.uptime++;
    }
    clearImmediate(immediate);
    expect([documents, state.turns >= 9, state.turns <= 20]).toEqual([50, true, true]);
  });

  it("is rejected as soon as it is longer than the limit", async () => {
    const endless = async function* () {
      for (;;) yield Buffer.alloc(1024);
    };
    await expect(readText(endless(), 10_240)).rejects.toThrow("the engine's answer is longer than 10 KiB");
    expect(await readText(parts("a", "b"), 10_240)).toBe("ab");
  });
});
