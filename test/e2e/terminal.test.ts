// Commands in a terminal of 80 columns: width, colours, and a burst of packets that the demo cannot show.

import { expect } from "vitest";
import { start } from "./child.ts";
import { sleep, until } from "./command.ts";
import { test } from "./fixture.ts";
import { flood } from "./flood.ts";
import { connect, type Namespace, nobody } from "./namespaces.ts";

const COLUMNS = 80;
const ESCAPE = "\x1b";
const COLOUR = new RegExp(`${ESCAPE}\\[\\d+m`, "g");

interface Shown {
  readonly code: number | null;
  readonly text: string;
  readonly lines: readonly string[];
}

/** Runs a command in a terminal until it ends. Lines are without colours. */
async function shown(on: Namespace, words: readonly string[], variables: readonly string[] = []): Promise<Shown> {
  const agent = ["env", "TERM=xterm", ...variables, process.execPath, "dist/hsflowd.js", ...words];
  const child = start(on, ["python3", "test/e2e/in-terminal.py", String(COLUMNS), ...agent]);
  const { code } = await until("its end", () => child.ended(), { seconds: 60 });
  const text = child.stdout();
  return { code, text, lines: text.replace(COLOUR, "").trimEnd().split("\n") };
}

const tooWide = ({ lines }: Shown) => lines.filter((line) => line.length > COLUMNS);

test("the usage fits, and a mistake takes one line", async ({ lab }) => {
  const host = lab.namespace();
  const help = await shown(host, ["--help"]);
  expect(tooWide(help)).toEqual([]);
  expect(help.code).toBe(0);
  expect(await shown(host, ["-h"])).toEqual(help);
  expect((await shown(host, ["statsu"])).lines).toEqual(["hsflowd: unknown argument: statsu; did you mean status?"]);
});

test("the demo fits, ends by itself, and has colours only where they are wanted", async ({ lab }) => {
  const host = lab.namespace();
  const words = ["demo", "--once", "--interface", "lo"];
  const [coloured, ...plain] = await Promise.all(
    [[], ["NO_COLOR=1"], ["TERM=dumb"]].map((set) => shown(host, words, set)),
  );
  expect(coloured?.text).toMatch(COLOUR);
  for (const one of plain) {
    expect(one.text).not.toContain(ESCAPE);
    expect(tooWide(one)).toEqual([]);
    expect(one.code).toBe(0);
  }
});

test("the demo samples fewer packets of a flood, says so, and loses none", async ({ lab }) => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  const [, peer] = connect("eth0", [host, "10.9.7.1"], [far, "10.9.7.2"]);
  const demo = shown(host, ["demo", "--once", "--interface", "eth0"]);
  await sleep(1500);
  await flood(far, { to: nobody(peer.address), packets: 300_000, size: 64, perSecond: 120_000 });
  const { lines } = await demo;
  const text = lines.join("\n");
  expect(text).toMatch(/eth0 +from here on 1 in \d+ packets|Packets: 1 in \d+ of eth0/);
  expect(text).toMatch(/eth0 in +udp \S+:\d+ > \S+:5000 +106 B/);
  expect(text).toMatch(/eth0 top +udp \S+ > \S+ .*%/);
  expect(text.replace(/\s+/g, " ")).toMatch(/datagrams with .* samples\. .* packet samples of .* packets; none lost\./);
});
