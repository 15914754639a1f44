// The outcomes of the resolver for valid answers of all kinds.

import { TRUNCATED_RESPONSE } from "dns-packet";
import { afterEach, describe, expect, it } from "vitest";
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
} from "./name-server.ts";

afterEach(closeAll);

describe("an answer without records", () => {
  it.each(["SERVFAIL", "REFUSED"])("%s is a failure", async (rcode) => {
    const code = { SERVFAIL: 2, REFUSED: 5 }[rcode] ?? 0;
    const { outcome, counters } = await ask((query) => [answer(query, [], { flags: code })]);
    expect(outcome).toEqual({ kind: "failure", why: `127.0.0.1: ${rcode}` });
    expect(counters).toEqual({ questions: 1, answers: 1, refusals: 1 });
  });

  it("of the kind `no such name` is valid for the lifetime in the zone", async () => {
    const soa = { mname: "ns.example.com", rname: "root.example.com", serial: 1, refresh: 1, retry: 1, expire: 1 };
    const authorities = [{ type: "SOA" as const, name: "example.com", ttl: 900, data: { ...soa, minimum: 120 } }];
    const { outcome } = await ask((query) => [answer(query, [], { flags: 3, authorities })]);
    expect(outcome).toEqual({ kind: "none", why: "no such name", ttl: 120, server: "127.0.0.1" });
  });

  it("of the kind `no records` is an answer, not a failure", async () => {
    const { outcome } = await ask((query) => [answer(query, [])]);
    expect(outcome).toEqual({ kind: "none", why: "no SRV records", ttl: undefined, server: "127.0.0.1" });
  });

  it("is requested again without EDNS if the server does not support EDNS", async () => {
    const { outcome, counters } = await ask((query) => {
      const isOld = query.additionals?.length === 0;
      return isOld ? [answer(query, GOOD)] : [answer(query, [], { flags: 1, questions: [] })];
    });
    expect(outcome.kind).toBe("records");
    expect(counters).toEqual({ questions: 2, answers: 2 });
  });
});

describe("an answer that is too large for UDP", () => {
  const many = Array.from({ length: 600 }, (_, i) => srv(`collector${i}.example.com`));
  const cut: Answers = (query, protocol) =>
    protocol === "udp" ? [answer(query, [], { flags: TRUNCATED_RESPONSE })] : [answer(query, many)];

  it("is received by TCP, with 600 records", async () => {
    const { outcome, counters } = await ask(cut);
    expect(outcome.kind === "records" && outcome.records).toHaveLength(600);
    expect(counters).toEqual({ questions: 2, answers: 2, truncated: 1 });
  });

  it("is a failure if TCP is refused", async () => {
    const { outcome, counters } = await ask(cut, { tcp: false });
    expect(outcome).toEqual({ kind: "failure", why: "127.0.0.1: ECONNREFUSED" });
    expect(counters).toEqual({ questions: 2, answers: 1, truncated: 1, unreachable: 1 });
  });

  it("is malformed if it is truncated over TCP, too", async () => {
    const { outcome } = await ask((query) => [answer(query, [], { flags: TRUNCATED_RESPONSE })]);
    expect(outcome).toEqual(malformed);
  });

  it("is a failure if TCP ends in its middle", async () => {
    const reply: Answers = (query, protocol) => {
      const [message = Buffer.alloc(0)] = cut(query, protocol, Buffer.alloc(0), 0) as Buffer[];
      return protocol === "udp" ? [message] : { raw: Buffer.concat([Buffer.from([0x40, 0]), message.subarray(0, 99)]) };
    };
    expect((await ask(reply)).outcome).toEqual({ kind: "failure", why: "127.0.0.1: ECONNRESET" });
  });
});

describe("aliases", () => {
  const alias = (name: string, data: string, ttl: number) => ({ type: "CNAME" as const, name, ttl, data });

  it("are followed, and the shortest lifetime applies", async () => {
    const at = { ...srv("a.example.com"), name: "sflow.example.net" };
    const { outcome } = await ask((query) => [
      answer(query, [at, alias("X.example.com", "sflow.example.NET", 20), alias(QUESTION.name, "x.example.com", 90)]),
    ]);
    expect(outcome).toMatchObject({ kind: "records", ttl: 20 });
  });

  it("in a circle lead to no records", async () => {
    const { outcome } = await ask((query) => [
      answer(query, [alias(QUESTION.name, "x.example.com", 90), alias("x.example.com", QUESTION.name, 90)]),
    ]);
    expect(outcome).toMatchObject({ kind: "none", why: "no SRV records" });
  });

  it("records of another name are ignored", async () => {
    const { outcome } = await ask((query) => [answer(query, [{ ...srv("evil.example.com"), name: "example.org" }])]);
    expect(outcome).toMatchObject({ kind: "none" });
  });
});

describe("lifetimes", () => {
  it.each([
    [0, 0],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, 0],
    [2 ** 32 - 1, 0],
  ])("a TTL of %d s is %d s", async (ttl, counts) => {
    const { outcome } = await ask((query) => [answer(query, [srv("a.example.com", {}, ttl)])]);
    expect(outcome).toMatchObject({ kind: "records", ttl: counts });
  });
});

describe("several servers", () => {
  const conf = "nameserver 127.0.0.1\nnameserver 127.0.0.2\noptions timeout:1 attempts:2";

  /** Makes a first server that does not answer. Each query to it takes one second. */
  async function silentFirst() {
    const state = { pass: (): void => undefined };
    const first = await serveNames(() => {
      state.pass();
      return [];
    });
    keep(first);
    const asker = makeAsker(first.port, conf);
    state.pass = () => asker.clock.advance(1);
    return { ...asker, port: first.port };
  }

  it("the second answers if the first is silent", async () => {
    const { resolver, port } = await silentFirst();
    keep(await serveNames((query) => [answer(query, GOOD)], { address: "127.0.0.2", port }));
    expect(await resolver.ask(QUESTION)).toMatchObject({ kind: "records", server: "127.0.0.2" });
    expect(resolver.counters).toMatchObject({ questions: 2, silent: 1 });
  });

  it("the second answers if the first fails", async () => {
    const first = await serveNames((query) => [answer(query, [], { flags: 2 })]);
    const second = await serveNames((query) => [answer(query, GOOD)], { address: "127.0.0.2", port: first.port });
    keep(first, second);
    const { resolver } = makeAsker(first.port, conf);
    expect(await resolver.ask(QUESTION)).toMatchObject({ kind: "records", server: "127.0.0.2" });
  });

  it("the failure has the reason of each server if none answers", async () => {
    const { resolver } = await silentFirst();
    const why = "127.0.0.1: no answer within 1 s, 127.0.0.2: ECONNREFUSED";
    expect(await resolver.ask(QUESTION)).toEqual({ kind: "failure", why });
    expect(resolver.counters).toMatchObject({ questions: 4, silent: 2, unreachable: 2 });
  });
});
