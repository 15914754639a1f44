// The inputs that reached new code in earlier runs: a file for each target, one input a line, in Base64.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "test/fuzz/corpus";

const pathOf = (target: string): string => join(FOLDER, `${target}.txt`);

export function readCorpus(target: string): Uint8Array[] {
  const lines = readFileSync(pathOf(target), "utf8").split("\n").filter(Boolean);
  return lines.map((line) => Uint8Array.from(Buffer.from(line, "base64")));
}

export function writeCorpus(target: string, inputs: readonly Uint8Array[]): void {
  const lines = inputs.map((bytes) => Buffer.from(bytes).toString("base64")).sort();
  writeFileSync(pathOf(target), `${lines.join("\n")}\n`);
}
