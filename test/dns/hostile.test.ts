// Forged and malformed answers are counted and not accepted.

import { createSocket } from "node:dgram";
import { RECURSION_DESIRED } from "dns-packet";
import { afterEach, describe, expect, it } from "vitest";
import { readAnswer } from "../../agent/dns/message.ts";
import { seededRandom } from "../seeded-random.ts";
import {
  type Answers,
  answer,
  ask,
  closeAll,
  GOOD,
  keep,
  makeAsker,
  malformed,
  QUESTION,
  serveNames,
  srv,
  until,
} from "./name-server.ts";

afterEach(closeAll);

const silence = { kind: "failure", why: "127.0.0.1: no answer within 1 s" };

/** Returns the header and question of a query as an answer with `answers` records, followed by these bytes. */
function raw(query: Buffer, answers: number, ...rest: number[]): Buffer {
  const question = query.subarray(0, 12 + 25 + 4);
  const bytes = Buffer.concat([question, Buffer.from(rest)]);
  bytes.writeUInt16BE(0x8400, 2);
  bytes.writeUInt16BE(answers, 6);
  bytes.writeUInt32BE(0, 8);
  return bytes;
}

/** A pointer to the name at byte 12. */
const NAME = [0xc0, 12];
const SRV_IN = [0, 33, 0, 1, 0, 0, 0, 60];

describe("a message that does not answer the question is ignored until the timeout", () => {
  it.each<[string, Answers]>([
    ["another id", (query) => [answer(query, GOOD, { id: ((query.id ?? 0) + 1) & 0xffff })]],
    ["another name", (query) => [answer(query, GOOD, { questions: [{ name: "example.org", type: "SRV" }] })]],
    ["another type", (query) => [answer(query, GOOD, { questions: [{ ...QUESTION, type: "TXT" }] })]],
    ["no question", (query) => [answer(query, GOOD, { questions: [] })]],
    ["a question, not an answer", (query) => [answer(query, GOOD, { type: "query", flags: RECURSION_DESIRED })]],
    ["no bytes", () => [Buffer.alloc(0)]],
    ["half a header", (_query, _protocol, bytes) => [bytes.subarray(0, 11)]],
  ])("%s", async (_what, reply) => {
    const { outcome, counters } = await ask(reply, { silent: true });
    expect(outcome).toEqual(silence);
    expect(counters).toEqual({ questions: 1, foreign: 1, silent: 1 });
  });

  it("and the valid answer after it is accepted", async () => {
    const { outcome, counters } = await ask((query) => [
      answer(query, [srv("evil.example.com")], { id: ((query.id ?? 0) + 1) & 0xffff }),
      answer(query, GOOD),
    ]);
    expect(outcome).toMatchObject({ kind: "records", server: "127.0.0.1", ttl: 60 });
    expect(counters).toEqual({ questions: 1, foreign: 1, answers: 1 });
  });
});

describe("an answer is malformed", () => {
  it.each<[string, Answers]>([
    [
      "if a name points at itself",
      (_q, _p, bytes) => [raw(bytes, 1, 0xc0, 41, ...SRV_IN, 0, 7, 0, 0, 0, 0, 24, 199, 0)],
    ],
    [
      "if two names point at each other",
      (_q, _p, bytes) => [raw(bytes, 1, 0xc0, 43, 0xc0, 41, ...SRV_IN, 0, 7, 0, 0, 0, 0, 24, 199, 0)],
    ],
    ["if a name ends after the message", (_q, _p, bytes) => [raw(bytes, 1, 63, 65, 65)]],
    ["if a label has an unknown type", (_q, _p, bytes) => [raw(bytes, 1, 0x80, 0, ...SRV_IN, 0, 0)]],
    ["if a record ends in its middle", (_q, _p, bytes) => [raw(bytes, 1, ...NAME, ...SRV_IN, 0, 9, 0, 0, 0)]],
    [
      "if data is longer than the message",
      (_q, _p, bytes) => [raw(bytes, 1, ...NAME, 0, 99, 0, 1, 0, 0, 0, 60, 255, 255, 1)],
    ],
    ["if 65535 records are announced and missing", (_q, _p, bytes) => [raw(bytes, 65_535, ...NAME, ...SRV_IN)]],
    ["if it is 60,000 bytes of 0xff", (_q, _p, bytes) => [raw(bytes, 1, ...Array<number>(60_000).fill(0xff))]],
    ["if it ends after the question", (query) => [answer(query, GOOD).subarray(0, 41)]],
    [
      "if strings end after the message",
      (_q, _p, bytes) => [raw(bytes, 1, ...NAME, 0, 16, 0, 1, 0, 0, 0, 60, 0, 90, 3, 65, 65, 65)],
    ],
  ])("%s", async (_what, reply) => {
    const { outcome, counters } = await ask(reply);
    expect(outcome).toEqual(malformed);
    expect(counters).toEqual({ questions: 1, answers: 1, malformed: 1 });
  });
});

it("messages of other servers are ignored", async () => {
  const forger = createSocket("udp4");
  const sent: number[] = [];
  const server = await serveNames((_query, _protocol, bytes, port) => {
    forger.send(raw(bytes, 0), port, "127.0.0.1", (error) => sent.push(error === null ? 1 : 0));
    return [];
  });
  keep(server);
  const { resolver, clock } = makeAsker(server.port);
  const asked = resolver.ask(QUESTION);
  await until("a forged message", () => sent.length === 1);
  clock.advance(1);
  expect(await asked).toEqual(silence);
  expect(resolver.counters).toMatchObject({ foreign: 0, answers: 0 });
  forger.close();
});

/** Set FUZZ_ROUNDS for a longer run, and --testTimeout to match; 200,000 rounds have passed. */
const ROUNDS = Number(process.env["FUZZ_ROUNDS"] ?? 2000);

it("decoding randomly changed messages ends and never throws", () => {
  const random = seededRandom(5);
  const aliases = [{ type: "CNAME" as const, name: QUESTION.name, ttl: 9, data: "x.example.com" }];
  const text = { type: "TXT" as const, name: QUESTION.name, ttl: 9, data: ["sampling=400", "polling=20"] };
  const query = { id: 7, questions: [QUESTION] };
  const good = [answer(query, GOOD), answer(query, [...aliases, text]), answer(query, [], { flags: 3 })];
  const kinds = new Set<string>();
  for (let i = 0; i < ROUNDS; i++) {
    const bytes = Buffer.from(random.pick(good));
    for (let n = random.below(6); n >= 0; n--) bytes[2 + random.below(bytes.length - 2)] = random.below(256);
    const cut = random.below(4) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes;
    kinds.add(readAnswer(cut, 7, QUESTION).kind);
  }
  expect([...kinds].sort()).toEqual(["foreign", "malformed", "none", "records", "refusal", "truncated"]);
});

describe("a stopped resolver", () => {
  it("ends the query of a silent server, and asks no other one", async () => {
    const server = await serveNames(() => []);
    keep(server);
    const { resolver, clock } = makeAsker(
      server.port,
      "nameserver 127.0.0.1\nnameserver 127.0.0.1\noptions attempts:3",
    );
    const asked = resolver.ask(QUESTION);
    resolver.stop();
    expect(await asked).toEqual({ kind: "failure", why: "stopped" });
    expect(await resolver.ask(QUESTION)).toEqual({ kind: "failure", why: "stopped" });
    expect(resolver.counters.questions).toBe(1);
    expect(clock.timers).toBe(0);
  });
});
